package careof.engine.ipsec;

import careof.engine.base.Octets;
import careof.engine.stack.NodeEnv;
import careof.engine.state.SpdEntry;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one door to a node's security policies and associations: PF_KEY version 2 messages (RFC 2367 with the policies and MIGRATE of KAME and
 * Linux) come in and are answered; nothing else creates, changes or deletes an entry. Messages both ways are in the trace.
 */
public final class PfKey {
    public PfKey(NodeEnv env, Spd spd, Sad sad) {
        throw new UnsupportedOperationException();
    }

    /** The end of a daemon: what it sends, and what it hears unasked. */
    public final class Socket {
        /** Sends one message and gives the answers in their order; DUMP has as many as there are rows, all others one. */
        public List<PfKeyMessage> requestAll(PfKeyMessage message) {
            throw new UnsupportedOperationException();
        }

        public PfKeyMessage request(PfKeyMessage message) {
            return requestAll(message).getFirst();
        }

        /** Sends any octets and gives the octets of the answers. */
        public List<Octets> submit(Octets message) {
            throw new UnsupportedOperationException();
        }
    }

    /**
     * Opens a socket.
     *
     * @param hears gets ACQUIRE (of the SA types it registered for), EXPIRE, and what other sockets changed
     */
    public Socket open(Consumer<PfKeyMessage> hears) {
        throw new UnsupportedOperationException();
    }

    /** A socket that listens to nothing. */
    public Socket open() {
        return open(_ -> {});
    }

    /**
     * A packet that leaves needs an SA that is not there: registered daemons are asked for one, unless they are being asked already.
     *
     * @param template index in the entry's templates
     * @return whether somebody has been asked, now or before
     */
    public boolean acquire(SpdEntry entry, int template, Flow flow) {
        throw new UnsupportedOperationException();
    }
}
