package careof.engine.lab;

import java.util.List;

/** What must hold in experiments; see {@link LabCheck}. */
final class ExperimentCheck {
    private static final String AT = "/experiment";

    private final LabCheck check;
    private final Lab lab;

    ExperimentCheck(LabCheck check, Lab lab) {
        this.check = check;
        this.lab = lab;
    }

    void check(LabExperiment experiment) {
        for (int i = 0; i < experiment.at().size(); i++) {
            check.node(AT + "/at/" + i, experiment.at().get(i));
        }
        free(AT + "/letter", experiment, lab);
        claims(check, AT, lab, experiment.claims());
        for (int i = 0; i < experiment.parts().size(); i++) {
            part(AT + "/parts/" + i, experiment, experiment.parts().get(i));
        }
    }

    private void part(String at, LabExperiment experiment, LabExperiment.Part part) {
        if (part.name().isBlank()) {
            check.error(at + "/name", "say in a few words what this part shows");
        }
        Lab variant = part.of(lab);
        if (part.policy().isPresent()) {
            free(at + "/policy", experiment, variant);
        }
        LabCheck inner = LabCheck.of(variant);
        claims(inner, "", variant, part.claims());
        // what is wrong with the lab itself has been said
        List<String> said = check.findings().stream().map(LabCheck.Finding::message).toList();
        for (LabCheck.Finding finding : inner.findings()) {
            if (finding.severity() == LabProblem.Severity.ERROR && !said.contains(finding.message())) {
                boolean here = finding.pointer().matches("/(expect|on|off|same)/.*");
                String field = new LabProblem(finding.severity(), "", 0, 0, finding.pointer(), "").field();
                check.error(here ? at + finding.pointer() : at, here ? finding.message() : field + ": " + finding.message(), "/links", "/nodes", "/ipsec",
                        "/traffic", "/until");
            }
        }
    }

    /** The policy must leave open what is to be switched. */
    private void free(String at, LabExperiment experiment, Lab variant) {
        if (variant.policy().off().contains(experiment.letter())
                || variant.policy().nodes().values().stream().anyMatch(off -> off.contains(experiment.letter()))) {
            check.error(at, "the policy says that " + experiment.letter() + " is off, but the experiment is to switch it; leave it out there", "/policy");
        }
    }

    private static void claims(LabCheck check, String at, Lab variant, LabExperiment.Claims claims) {
        ExpectationCheck expectations = new ExpectationCheck(check, variant);
        expectations.all(at + "/on", claims.on());
        expectations.all(at + "/off", claims.off());
        expectations.all(at + "/same", claims.same());
    }
}
