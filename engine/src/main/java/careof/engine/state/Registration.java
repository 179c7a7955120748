package careof.engine.state;

/**
 * A daemon makes SAs of this kind when it is asked (RFC 2367 section 3.1.7).
 *
 * @param socket of PF_KEY, from 1
 * @param saType as PF_KEY counts them: 2 AH, 3 ESP
 */
public record Registration(int socket, int saType) implements State {
    @Override
    public String key() {
        return socket + "/" + saType;
    }
}
