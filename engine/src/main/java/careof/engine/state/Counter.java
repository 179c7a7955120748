package careof.engine.state;

/** A number that a node counts up: fragment identifications, sequence numbers, random draws. */
public record Counter(String name, long value) implements State {
    @Override
    public String key() {
        return name;
    }
}
