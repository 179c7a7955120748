package careof.engine.wire.pfkey;

/** Why a PF_KEY message was refused: error numbers of Linux (RFC 2367 section 3 says which are for what). */
public final class PfKeyError {
    /** No such policy, or nothing to list. */
    public static final int ENOENT = 2;
    /** No such SA. */
    public static final int ESRCH = 3;
    /** It is there already. */
    public static final int EEXIST = 17;
    /** The message contradicts the rules, or lacks something. */
    public static final int EINVAL = 22;
    /** Too deep a nesting of transforms. */
    public static final int ELOOP = 40;
    /** A MIGRATE that no template of the policy is meant by. */
    public static final int ENODATA = 61;
    /** An algorithm that this kernel lacks. */
    public static final int ENOSYS = 38;
    /** The length of the message is not what its header says. */
    public static final int EMSGSIZE = 90;
    /** Nobody has registered for this. */
    public static final int EPROTONOSUPPORT = 93;
    /** A kind of message that this kernel does not take. */
    public static final int EOPNOTSUPP = 95;
    /** No room for more. */
    public static final int ENOBUFS = 105;

    private PfKeyError() {}

    /** The symbol, for people. */
    public static String name(int errno) {
        return switch (errno) {
            case 0 -> "OK";
            case ENOENT -> "ENOENT";
            case ESRCH -> "ESRCH";
            case EEXIST -> "EEXIST";
            case EINVAL -> "EINVAL";
            case ELOOP -> "ELOOP";
            case ENODATA -> "ENODATA";
            case ENOSYS -> "ENOSYS";
            case EMSGSIZE -> "EMSGSIZE";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT";
            case EOPNOTSUPP -> "EOPNOTSUPP";
            case ENOBUFS -> "ENOBUFS";
            default -> "errno " + errno;
        };
    }
}
