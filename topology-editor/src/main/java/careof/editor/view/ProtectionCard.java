package careof.editor.view;

import careof.editor.command.LabCommand;
import careof.editor.command.LabCommands;
import careof.editor.model.Problems;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabProtection;
import careof.engine.lab.LabProtection.Keying;
import careof.engine.lab.LabProtection.Lifetime;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The card of a protection: where its keys come from, and how long its SAs live. */
public final class ProtectionCard {
    public static final String ICON = "mdi2s-shield-lock-outline";

    private ProtectionCard() {}

    /** The protections of which a node is an end. */
    public static List<LabProtection> of(Lab lab, String node) {
        return lab.ipsec().stream().filter(p -> p.first().equals(node) || p.second().equals(node)).toList();
    }

    /** @param result gets the edit that makes it so */
    public static FormCard of(Lab lab, LabProtection protection, Consumer<LabCommand> result, Consumer<FormCard> closed) {
        var card = new FormCard(ICON, protection.name() + ": " + protection.first() + " and " + protection.second());
        Supplier<Keying> keying = card.choice("keying", "Keys", List.of(Keying.values()), protection.keying(), ProtectionCard::words);
        card.tip("keying", "By hand: there from the start. By IKE: made when there is something to protect.");
        Supplier<Long> soft = time(card, "soft", "New SAs after", protection.lifetime().soft(), Lifetime.OF_IKE.soft());
        Supplier<Long> hard = time(card, "hard", "SAs end after", protection.lifetime().hard(), Lifetime.OF_IKE.hard());
        Supplier<LabCommand> wish = () -> {
            Lifetime was = protection.lifetime();
            LabProtection timed = protection.withLifetime(new Lifetime(soft.get(), hard.get(), was.softOctets(), was.hardOctets())).withKeying(keying.get());
            // IKE makes keys of its own
            LabProtection wanted = !timed.isKeyedByIke() ? timed
                    : timed.withTransforms(timed.transforms().stream().map(LabProtection.Transform::withoutKeys).toList());
            return new LabCommands.Edit("Change " + protection.name(), whole -> whole.withIpsec(whole.ipsec().stream()
                    .map(p -> p.name().equals(protection.name()) ? wanted : p).toList()));
        };
        card.ready(() -> Problems.added(lab, wish.get().apply(lab)), () -> result.accept(wish.get()), closed);
        return card;
    }

    private static Supplier<Long> time(FormCard card, String key, String label, long value, long ofIke) {
        return card.text(key, label, value == 0 ? "" : VirtualTime.format(value), "by hand never, by IKE " + VirtualTime.format(ofIke),
                text -> text.isEmpty() ? 0 : VirtualTime.parse(text));
    }

    private static String words(Keying keying) {
        return switch (keying) {
            case MANUAL -> "by hand";
            case IKE -> "by IKE";
        };
    }
}
