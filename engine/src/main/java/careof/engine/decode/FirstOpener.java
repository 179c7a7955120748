package careof.engine.decode;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.ipsec.Unwrapped;
import careof.engine.wire.isakmp.IsakmpMessage;
import java.util.Optional;
import java.util.function.Function;

/** Asks one, and where that cannot open something, another. */
public record FirstOpener(Opener first, Opener second) implements Opener {
    @Override
    public Optional<Opened> esp(IpAddress destination, IpAddress finalDestination, Octets esp) {
        return either(o -> o.esp(destination, finalDestination, esp));
    }

    @Override
    public Optional<Opened> ah(Octets packet) {
        return either(o -> o.ah(packet));
    }

    @Override
    public boolean isEsp(int sourcePort, int destinationPort, Octets data) {
        return first.isEsp(sourcePort, destinationPort, data) || second.isEsp(sourcePort, destinationPort, data);
    }

    @Override
    public Ike isakmp(IsakmpMessage message, IpAddress source) {
        Ike one = first.isakmp(message, source);
        Ike other = second.isakmp(message, source);
        return new Ike(one.plain().or(other::plain), one.fromStarter().or(other::fromStarter));
    }

    private Optional<Opened> either(Function<Opener, Optional<Opened>> ask) {
        Optional<Opened> one = ask.apply(first);
        return one.filter(o -> o.what() instanceof Unwrapped.Payload).isPresent() ? one : ask.apply(second).or(() -> one);
    }
}
