package careof.engine.metrics;

import careof.engine.base.Octets;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.Packets;
import careof.engine.lab.Expectation.Span;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.trace.TraceEvent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the packets of a flow on a link. */
abstract class PacketWatch implements Watch {
    private final Expectation expectation;
    private final Optional<Sight.Stream> stream;
    private final String link;
    private long count;

    private PacketWatch(Expectation expectation, String flow, String direction, String link) {
        this.expectation = expectation;
        this.stream = Optional.of(new Sight.Stream(flow, direction));
        this.link = link;
    }

    static PacketWatch of(Expectation.Overhead overhead) {
        return new OverheadWatch(overhead);
    }

    static PacketWatch of(Expectation.Headers headers) {
        return new HeadersWatch(headers);
    }

    static PacketWatch of(Packets packets) {
        return new PlainWatch(packets);
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (event instanceof TraceEvent.FrameSent sent && sent.link().equals(link) && expectation.when().contains(sent.at())) {
            sight.look(sent).filter(look -> sight.flow(look).equals(stream)).ifPresent(look -> {
                count++;
                saw(look);
            });
        }
    }

    abstract void saw(Sight.Look look);

    final Verdict verdict(Ending ending, String what, boolean failed, String seen, String value) {
        Span when = expectation.when();
        Outcome outcome = failed ? Outcome.FAILS : !ending.covers(when.to()) ? Outcome.OPEN : count > 0 ? Outcome.HOLDS : Outcome.FAILS;
        return new Verdict(expectation, outcome, what + " of " + stream.get().name() + " " + stream.get().direction() + " on " + link + Watch.when(when, ending.until()),
                count == 0 ? "no packet" : count + (count == 1 ? " packet, " : " packets, ") + seen, count == 0 ? "-" : value);
    }

    private static final class OverheadWatch extends PacketWatch {
        private final Expectation.Overhead overhead;
        private long least = Long.MAX_VALUE;
        private long most = Long.MIN_VALUE;

        OverheadWatch(Expectation.Overhead overhead) {
            super(overhead, overhead.flow(), overhead.direction(), overhead.link());
            this.overhead = overhead;
        }

        @Override
        void saw(Sight.Look look) {
            least = Math.min(least, look.overhead());
            most = Math.max(most, look.overhead());
        }

        @Override
        public Verdict result(Ending ending) {
            boolean failed = least <= most && !(overhead.octets().holds(least) && overhead.octets().holds(most));
            return verdict(ending, "overhead " + Watch.text(overhead.octets(), String::valueOf) + " octets for each packet", failed,
                    least == most ? least + " octets each" : least + " to " + most + " octets", least == most ? Long.toString(least) : least + " to " + most);
        }
    }

    private static final class HeadersWatch extends PacketWatch {
        private final Expectation.Headers headers;
        private final SortedSet<Integer> points = new TreeSet<>();
        private final SortedSet<Integer> hopLimits = new TreeSet<>();

        HeadersWatch(Expectation.Headers headers) {
            super(headers, headers.flow(), headers.direction(), headers.link());
            this.headers = headers;
        }

        @Override
        void saw(Sight.Look look) {
            look.headers().forEach(header -> points.add(header.trafficClass() >>> 2));
            hopLimits.add(look.plain().hopLimit());
        }

        @Override
        public Verdict result(Ending ending) {
            boolean failed = !holds(headers.dscp(), points) || !holds(headers.hopLimit(), hopLimits);
            String what = Stream.concat(headers.dscp().map(range -> "DSCP " + Watch.text(range, String::valueOf)).stream(),
                    headers.hopLimit().map(range -> "inner hop limit " + Watch.text(range, String::valueOf)).stream()).collect(Collectors.joining(", "));
            return verdict(ending, what, failed, "DSCP " + points + ", inner hop limit " + hopLimits, points + ", " + hopLimits);
        }

        private static boolean holds(Optional<Expectation.Range> range, SortedSet<Integer> values) {
            return range.isEmpty() || values.stream().allMatch(value -> range.get().holds(value));
        }
    }

    private static final class PlainWatch extends PacketWatch {
        private final MessageDigest digest;

        PlainWatch(Packets packets) {
            super(packets, packets.flow(), packets.direction(), packets.link());
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        @Override
        void saw(Sight.Look look) {
            Octets octets = look.plain().toOctets();
            digest.update(octets.toArray());
        }

        @Override
        public Verdict result(Ending ending) {
            String sum = HexFormat.of().formatHex(digest.digest()).substring(0, 16);
            return verdict(ending, "plain packets", false, "SHA-256 " + sum, sum);
        }
    }
}
