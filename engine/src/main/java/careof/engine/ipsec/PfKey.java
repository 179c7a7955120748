package careof.engine.ipsec;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.Registration;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one door to a node's security policies and associations: PF_KEY version 2 messages (RFC 2367 with the policies and MIGRATE of KAME and
 * Linux) come in and are answered; nothing else creates, changes or deletes an entry. Messages both ways are in the trace.
 *
 * <p>Whatever octets come, the answer is a message; one with an error number has changed nothing.
 */
public final class PfKey {
    private static final String CHANNEL = "pf-key";

    private final NodeEnv env;
    private final boolean desAllowed;
    private final PfKeySad associations;
    private final PfKeySpd policies;
    private final Acquires acquires;
    private final Table<Registration, Registration> registrations;
    private final List<Socket> sockets = new ArrayList<>();

    /**
     * @param desAllowed whether SAs may encrypt with DES, which is broken: for reading history only
     */
    public PfKey(NodeEnv env, Spd spd, Sad sad, boolean desAllowed) {
        this.env = env;
        this.desAllowed = desAllowed;
        SaLifetimes lifetimes = new SaLifetimes(env, sad, this::tell);
        sad.watch(lifetimes);
        this.acquires = new Acquires(env);
        this.associations = new PfKeySad(env, spd, sad, lifetimes, acquires, desAllowed);
        this.policies = new PfKeySpd(env, spd, sad);
        this.registrations = env.table();
    }

    /** The end of a daemon: what it sends, and what it hears unasked. */
    public final class Socket {
        private final int number;
        private final Consumer<PfKeyMessage> hears;
        private long sequence;

        private Socket(int number, Consumer<PfKeyMessage> hears) {
            this.number = number;
            this.hears = hears;
        }

        /**
         * Sends one message, whose process id becomes this socket's number and whose sequence, if it is 0, the next of this socket; gives the
         * answers in their order. DUMP and X_SPDDUMP have one for each row, all else has one.
         */
        public List<PfKeyMessage> requestAll(PfKeyMessage message) {
            long as = message.sequence() == 0 ? ++sequence : message.sequence();
            return answers(new PfKeyMessage(message.type(), message.errno(), message.saType(), as, number, message.extensions()).toOctets());
        }

        /** As {@link #requestAll}, the first answer. */
        public PfKeyMessage request(PfKeyMessage message) {
            return requestAll(message).getFirst();
        }

        /** Sends any octets and gives the octets of the answers. */
        public List<Octets> submit(Octets message) {
            return answers(message).stream().map(PfKeyMessage::toOctets).toList();
        }

        private List<PfKeyMessage> answers(Octets message) {
            long cause = env.recorder().cause();
            env.recorder().because(env.recorder().control(env.node(), env.packet(), CHANNEL, true, message));
            List<PfKeyMessage> answers = answer(this, message);
            for (PfKeyMessage answer : answers) {
                env.recorder().control(env.node(), env.packet(), CHANNEL, false, answer.toOctets());
            }
            PfKeyMessage first = answers.getFirst();
            if (first.errno() == 0 && isChange(first.type())) {
                sockets.stream().filter(other -> other != this).forEach(other -> other.hears.accept(first));
            }
            env.recorder().because(cause);
            return answers;
        }
    }

    /**
     * Opens a socket.
     *
     * @param hears gets ACQUIRE and EXPIRE, of the SA types that it registered for, and what other sockets changed
     */
    public Socket open(Consumer<PfKeyMessage> hears) {
        Socket socket = new Socket(sockets.size() + 1, hears);
        sockets.add(socket);
        return socket;
    }

    /** A socket that listens to nothing. */
    public Socket open() {
        return open(_ -> {});
    }

    private List<PfKeyMessage> answer(Socket from, Octets octets) {
        if (!PfKeyMessage.isWhole(octets)) {
            PfKeyMessage header = octets.length() >= PfKeyMessage.HEADER ? PfKeyMessage.header(octets) : new PfKeyMessage(0, 0, 0, 0, 0, List.of());
            return List.of(header.refused(PfKeyError.EMSGSIZE));
        }
        PfKeyMessage m;
        try {
            m = PfKeyMessage.parse(octets);
            if (octets.u16(6) != 0) {
                throw new Malformed("the reserved field is not 0", 6);
            }
            for (PfKeyExtension extension : m.extensions()) {
                if (extension instanceof PfKeyExtension.Address address && address.prefixLength() > address.socket().bits()) {
                    throw new Malformed("a prefix longer than its address", 0);
                }
            }
        } catch (Malformed e) {
            return List.of(PfKeyMessage.header(octets).refused(PfKeyError.EINVAL));
        }
        try {
            return switch (m.type()) {
                case PfKeyMessage.DUMP -> numbered(associations.dump(m));
                case PfKeyMessage.X_SPDDUMP -> numbered(policies.dump(m));
                default -> List.of(new PfKeyMessage(m.type(), 0, m.saType(), m.sequence(), m.pid(), act(from, m)));
            };
        } catch (Refused refused) {
            return List.of(m.refused(refused.errno()));
        }
    }

    /** Sequences count up, and the last is 0, as in Linux. */
    private static List<PfKeyMessage> numbered(List<PfKeyMessage> rows) throws Refused {
        if (rows.isEmpty()) {
            throw new Refused(PfKeyError.ENOENT, "nothing to list");
        }
        List<PfKeyMessage> answers = new ArrayList<>();
        for (PfKeyMessage row : rows) {
            answers.add(row.withSequence((answers.size() + 1) % rows.size()));
        }
        return answers;
    }

    private List<PfKeyExtension> act(Socket from, PfKeyMessage m) throws Refused {
        return switch (m.type()) {
            case PfKeyMessage.GETSPI -> associations.getSpi(m);
            case PfKeyMessage.ADD -> associations.add(m);
            case PfKeyMessage.UPDATE -> associations.update(m);
            case PfKeyMessage.DELETE -> associations.delete(m);
            case PfKeyMessage.GET -> associations.get(m);
            case PfKeyMessage.FLUSH -> associations.flush(m);
            case PfKeyMessage.ACQUIRE -> failed(m);
            case PfKeyMessage.REGISTER -> register(from, m);
            case PfKeyMessage.X_SPDADD -> policies.add(m, false);
            case PfKeyMessage.X_SPDUPDATE -> policies.add(m, true);
            case PfKeyMessage.X_SPDDELETE -> policies.delete(m);
            case PfKeyMessage.X_SPDDELETE2 -> policies.deleteById(m);
            case PfKeyMessage.X_SPDGET -> policies.get(m);
            case PfKeyMessage.X_SPDFLUSH -> policies.flush();
            case PfKeyMessage.X_MIGRATE -> policies.migrate(m);
            default -> throw new Refused(PfKeyError.EOPNOTSUPP, PfKeyMessage.name(m.type()) + " is not for daemons to send");
        };
    }

    private static boolean isChange(int type) {
        return switch (type) {
            case PfKeyMessage.ADD, PfKeyMessage.UPDATE, PfKeyMessage.DELETE, PfKeyMessage.FLUSH, PfKeyMessage.X_SPDADD, PfKeyMessage.X_SPDUPDATE,
                    PfKeyMessage.X_SPDDELETE, PfKeyMessage.X_SPDDELETE2, PfKeyMessage.X_SPDFLUSH, PfKeyMessage.X_MIGRATE -> true;
            default -> false;
        };
    }

    /** Key management gave up on an ACQUIRE: nobody is asked again before its time is up (RFC 2367 section 3.1.6). */
    private static List<PfKeyExtension> failed(PfKeyMessage m) throws Refused {
        if (!m.extensions().isEmpty()) {
            throw new Refused(PfKeyError.EOPNOTSUPP, "daemons do not ask daemons for SAs here");
        }
        return List.of();
    }

    private List<PfKeyExtension> register(Socket from, PfKeyMessage m) throws Refused {
        if (m.saType() > PfKeyMessage.MAX_SA) {
            throw new Refused(PfKeyError.EINVAL, "SA type " + m.saType());
        }
        Registration registration = new Registration(from.number, m.saType());
        if (m.saType() != PfKeyMessage.ANY_SA && registrations.get(registration) != null) {
            throw new Refused(PfKeyError.EEXIST, "registered already");
        }
        registrations.put(registration, registration, Reason.PF_KEY);
        return Algorithms.supported(m.saType(), desAllowed);
    }

    /** A message that the kernel sends by itself, for those who registered; the trace has it even if nobody did. */
    private void tell(PfKeyMessage message) {
        env.recorder().control(env.node(), env.packet(), CHANNEL, false, message.toOctets());
        for (Socket socket : List.copyOf(sockets)) {
            if (registrations.get(new Registration(socket.number, message.saType())) != null) {
                socket.hears.accept(message);
            }
        }
    }

    /**
     * A packet that leaves needs an SA that is not there: registered daemons are asked for one, unless they are being asked already.
     *
     * @param template index in the entry's templates
     * @param flow     of the packet that the transform is for
     * @return whether somebody has been asked, now or before
     */
    public boolean acquire(SpdEntry entry, int template, Flow flow) {
        int saType = SaMessages.type(entry.templates().get(template).protocol());
        return sockets.stream().anyMatch(socket -> registrations.get(new Registration(socket.number, saType)) != null)
                && acquires.ask(entry, template, flow, this::tell);
    }
}
