package careof.engine.lab;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Expectation.Range;
import careof.engine.wire.MessageName;
import java.util.List;
import java.util.Optional;

/** What must hold in expectations; see {@link LabCheck}. */
final class ExpectationCheck {
    private static final String WORD = "[a-z0-9]+(-[a-z0-9]+)*";

    private final LabCheck check;
    private final Lab lab;

    ExpectationCheck(LabCheck check, Lab lab) {
        this.check = check;
        this.lab = lab;
    }

    void all(String at, List<Expectation> expect) {
        for (int i = 0; i < expect.size(); i++) {
            one(at + "/" + i, expect.get(i));
        }
    }

    void one(String at, Expectation expectation) {
        when(at, expectation.when());
        switch (expectation) {
            case Expectation.BindingHeld held -> {
                check.node(at + "/binding/at", held.at());
                if (lab.nodes().stream().noneMatch(node -> node.home().map(home -> home.address().equals(held.home())).orElse(false))) {
                    check.error(at + "/binding/home", held.home() + " is no mobile node's home address", "/nodes");
                }
            }
            case Expectation.Flow flow -> flow(at, flow);
            case Expectation.Drops drops -> {
                reason(at + "/drops/reason", drops.reason());
                drops.node().ifPresent(node -> check.node(at + "/drops/node", node));
                range(at + "/drops/count", drops.count());
            }
            case Expectation.Messages messages -> {
                List<String> known = MessageName.known();
                if (!known.contains(messages.message())) {
                    check.error(at + "/messages/message", "no message \"" + messages.message() + "\"; messages are " + String.join(", ", known)
                            + Words.suggest(messages.message(), known));
                }
                messages.from().ifPresent(node -> check.node(at + "/messages/from", node));
                range(at + "/messages/count", messages.count());
            }
            case Expectation.Decisions decisions -> {
                reason(at + "/decisions/reason", decisions.reason());
                decisions.node().ifPresent(node -> check.node(at + "/decisions/node", node));
                decisions.entry().ifPresent(entry -> row(at + "/decisions/entry", entry));
                range(at + "/decisions/count", decisions.count());
            }
            case Expectation.Changes changes -> {
                row(at + "/changes/row", changes.row());
                changes.node().ifPresent(node -> check.node(at + "/changes/node", node));
                changes.reason().ifPresent(reason -> reason(at + "/changes/reason", reason));
                range(at + "/changes/count", changes.count());
            }
            case Expectation.Events events -> {
                if (events.match().isBlank()) {
                    check.error(at + "/events/match", "a blank query asks for every event; give a query such as \"reason == no-route\"");
                }
                events.node().ifPresent(node -> check.node(at + "/events/node", node));
                range(at + "/events/count", events.count());
            }
            case Expectation.HalfIs half -> half(at + "/half", half);
            case Expectation.IkeHeld held -> {
                check.node(at + "/ike/at", held.at());
                held.peer().ifPresent(peer -> check.node(at + "/ike/peer", peer));
                held.identity().ifPresent(identity -> check.said(at + "/ike/identity", identity));
            }
            case Expectation.Overhead overhead -> {
                onLink(at + "/overhead", overhead.flow(), overhead.direction(), overhead.link());
                range(at + "/overhead/octets", overhead.octets());
            }
            case Expectation.Headers headers -> {
                onLink(at + "/headers", headers.flow(), headers.direction(), headers.link());
                if (headers.dscp().isEmpty() && headers.hopLimit().isEmpty()) {
                    check.error(at + "/headers", "expects nothing; give dscp or hopLimit", at + "/headers/dscp", at + "/headers/hopLimit");
                }
                headers.dscp().ifPresent(range -> range(at + "/headers/dscp", range));
                headers.hopLimit().ifPresent(range -> range(at + "/headers/hopLimit", range));
            }
            case Expectation.Outage outage -> {
                stream(at + "/outage/flow", outage.flow()).ifPresent(stream -> direction(at + "/outage/direction", stream, outage.direction()));
                range(at + "/outage/lasts", outage.lasts());
            }
            case Expectation.Signalling signalling -> {
                if (signalling.messages().isEmpty() && signalling.octets().isEmpty()) {
                    check.error(at + "/signalling", "expects nothing; give messages or octets", at + "/signalling/messages", at + "/signalling/octets");
                }
                signalling.messages().ifPresent(range -> range(at + "/signalling/messages", range));
                signalling.octets().ifPresent(range -> range(at + "/signalling/octets", range));
            }
            case Expectation.Operations operations -> {
                operations.node().ifPresent(node -> check.node(at + "/operations/node", node));
                range(at + "/operations/count", operations.count());
            }
            case Expectation.Packets packets -> onLink(at + "/packets", packets.flow(), packets.direction(), packets.link());
        }
    }

    private void when(String at, Expectation.Span when) {
        if (when.to() < when.from()) {
            check.error(at + "/to", "before \"from\": " + VirtualTime.format(when.to()) + " < " + VirtualTime.format(when.from()), at + "/from", "/until");
        } else if (when.to() > lab.until()) {
            check.warning(at + "/to", "the run ends before, at " + VirtualTime.format(lab.until()) + ", so nobody will know", "/until");
        }
    }

    private void flow(String at, Expectation.Flow flow) {
        stream(at + "/flow", flow.flow()).ifPresent(stream -> flow.direction().ifPresent(direction -> direction(at + "/direction", stream, direction)));
        if (flow.lost().isEmpty() && flow.received().isEmpty() && flow.gap().isEmpty() && flow.delay().isEmpty()) {
            check.error(at, "expects nothing; give lost, received, gap or delay", at + "/lost", at + "/received", at + "/gap", at + "/delay");
        }
        flow.lost().ifPresent(range -> range(at + "/lost", range));
        flow.received().ifPresent(range -> range(at + "/received", range));
        flow.gap().ifPresent(range -> range(at + "/gap", range));
        flow.delay().ifPresent(range -> range(at + "/delay", range));
    }

    private void onLink(String at, String flow, String direction, String link) {
        stream(at + "/flow", flow).ifPresent(stream -> direction(at + "/direction", stream, direction));
        check.link(at + "/link", link);
    }

    private Optional<LabTraffic> stream(String at, String name) {
        Optional<LabTraffic> traffic = lab.traffic().stream().filter(stream -> stream.name().equals(name)).findFirst();
        List<String> names = lab.traffic().stream().map(LabTraffic::name).toList();
        if (traffic.isEmpty()) {
            check.error(at, "no traffic stream \"" + name + "\"; streams are " + Words.list(names) + Words.suggest(name, names), "/traffic");
        }
        return traffic;
    }

    private void direction(String at, LabTraffic stream, String direction) {
        String there = stream.from() + "-" + stream.to();
        String back = stream.to() + "-" + stream.from();
        if (!direction.equals(there) && !(stream.both() && direction.equals(back))) {
            check.error(at, "expected \"" + there + (stream.both() ? "\" or \"" + back : "") + "\", not \"" + direction + "\"", "/traffic");
        }
    }

    private void half(String at, Expectation.HalfIs half) {
        if (Expectation.ends(half.direction()).stream().noneMatch(ends -> ends.stream().allMatch(end -> lab.node(end).isPresent()))) {
            check.error(at + "/direction", "expected two nodes such as \"mn-ha\", not \"" + half.direction() + "\"", "/nodes");
        }
    }

    private void reason(String at, String reason) {
        if (!reason.matches(WORD)) {
            check.error(at, "\"" + reason + "\" is no reason code; they look like \"no-route\"");
        }
    }

    private void row(String at, String row) {
        if (!row.matches(WORD)) {
            check.error(at, "\"" + row + "\" is no kind of table row; they look like \"binding\" or \"list-entry\"");
        }
    }

    void range(String at, Range range) {
        if (range.atLeast().isEmpty() && range.atMost().isEmpty()) {
            check.error(at, "expected a number, or an object with atLeast, atMost or both");
        }
        range.atLeast().filter(least -> least < 0).ifPresent(_ -> check.error(at, "counts are not negative"));
        range.atMost().filter(most -> most < range.atLeast().orElse(0L)).ifPresent(_ ->
                check.error(at, "nothing is in this range: atMost is below atLeast or zero"));
    }
}
