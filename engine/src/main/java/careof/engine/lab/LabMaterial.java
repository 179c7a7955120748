package careof.engine.lab;

import careof.engine.base.Octets;
import careof.engine.pki.Credential;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What was read from the files that a lab names. It goes with the lab while that is in memory; no text of a lab holds any of it.
 *
 * @param credentials certificates with their keys, by the certificate's name in the lab
 * @param roots       authorities, by their name in the lab
 */
public record LabMaterial(SequencedMap<String, Credential> credentials, SequencedMap<String, Root> roots) {
    public static final LabMaterial NONE = new LabMaterial(new LinkedHashMap<>(), new LinkedHashMap<>());

    /**
     * An authority, DER.
     *
     * @param certificates at least one
     */
    public record Root(List<Octets> certificates, List<Octets> revocations) {
        public Root {
            certificates = List.copyOf(certificates);
            revocations = List.copyOf(revocations);
        }
    }
}
