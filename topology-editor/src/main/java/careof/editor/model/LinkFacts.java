package careof.editor.model;

import careof.engine.base.VirtualTime;
import careof.engine.lab.LabLink;
import careof.engine.lab.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a link's label says besides its name and prefix. */
public final class LinkFacts {
    private LinkFacts() {}

    /** Delay, rate and loss where they are not the defaults: "10ms · 1Gbps · loss 1%". */
    public static String text(LabLink link) {
        List<String> facts = new ArrayList<>();
        if (link.delay() != LabLink.DEFAULT_DELAY) {
            facts.add(VirtualTime.format(link.delay()));
        }
        if (link.rate() != 0) {
            facts.add(Rate.format(link.rate()));
        }
        if (link.loss() > 0) {
            facts.add("loss " + percent(link.loss()));
        }
        return String.join(" · ", facts);
    }

    /** Its prefixes, one a line. */
    public static String prefixes(LabLink link) {
        String all = Stream.of(link.prefix(), link.prefix4()).flatMap(Optional::stream).map(Object::toString).collect(Collectors.joining("\n"));
        return all.isEmpty() ? "no prefix" : all;
    }

    /** "1%", "0.25%" */
    public static String percent(double probability) {
        return String.format(Locale.ROOT, "%.2f", probability * 100).replaceAll("\\.?0+$", "") + "%";
    }
}
