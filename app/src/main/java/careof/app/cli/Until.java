package careof.app.cli;

import careof.engine.base.VirtualTime;
import careof.engine.query.Query;
import careof.engine.query.QueryProblem;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a run stops.
 *
 * @param time  nanoseconds; empty: the lab says
 * @param query stops at the first event that matches; empty: none does
 */
record Until(Optional<Long> time, Optional<Query> query) {
    /** Where the lab ends. */
    static final Until END = new Until(Optional.empty(), Optional.empty());

    static final class Converter implements ITypeConverter<Until> {
        @Override
        public Until convert(String text) {
            if (text.matches("[0-9].*")) {
                try {
                    long time = VirtualTime.parse(text);
                    if (time == 0) {
                        throw new TypeConversionException("a run needs a time above zero");
                    }
                    return new Until(Optional.of(time), Optional.empty());
                } catch (IllegalArgumentException e) {
                    throw new TypeConversionException(e.getMessage());
                }
            }
            try {
                return new Until(Optional.empty(), Optional.of(Query.parse(text)));
            } catch (QueryProblem e) {
                throw new TypeConversionException("\n" + e.show());
            }
        }
    }
}
