package careof.engine.live;

import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A TUN or TAP device and what the host has on it.
 *
 * <p>A device that Careof makes goes with the program, and all that is set on it too. On one that was there before, which somebody made to last, what Careof sets
 * is marked, so that it can be taken back even after the program was killed: the routes have a protocol number of their own, and the interface's alias tells
 * which process came, which address it set, and what was there before: MTU, whether it was down, alias. By the alias another Careof sees, too, whose device it is.
 */
public final class HostInterface implements Device {
    /** Of routes (rtnetlink(7): above 4 it is for whoever likes). */
    static final String PROTOCOL = "202";
    private static final String MARK = "careof ";
    /** In octets (Linux, IFALIASZ). */
    private static final int LONGEST_ALIAS = 255;
    /** In what {@code ip -o link show} says. */
    private static final String UP = "(?s).*[<,]UP[,>].*";
    private static final Pattern MTU = Pattern.compile(" mtu ([0-9]+) ");
    private static final Pattern ALIAS = Pattern.compile("\\s{4}alias (.*?)\\s*$");

    private static final Pattern OWNER = Pattern.compile("\\s{4}alias " + MARK + "([0-9]{1,18})(?= |$)");
    private static final Pattern MARKED = Pattern.compile("\\s{4}alias " + MARK + "(?<process>[0-9]{1,18})(?: (?<address>\\S+/[0-9]+))?(?: mtu=(?<mtu>[0-9]+))?(?<down> down)?(?: was=(?<alias>.*?))?\\s*$");
    private static final Pattern SET_BY_A_RUN = Pattern.compile(" dev ([^ ]+) proto " + PROTOCOL + "(?= |$)");
    private static final Pattern NAME = Pattern.compile("[0-9]+: ([^@: ]+)");

    private final Tun tun;
    private final IpCommand ip;
    private final String name;
    private final List<String[]> undo = new ArrayList<>();

    private HostInterface(Tun tun, IpCommand ip, String name) {
        this.tun = tun;
        this.ip = ip;
        this.name = name;
    }

    /**
     * Opens a device, or makes it, and sets up what the host needs on it. Without root only a device that is the user's own and set up already can be opened.
     *
     * @throws IOException whose message tells what to do
     */
    public static HostInterface open(Tun.Kind kind, String name, Namespace namespace, HostSetup setup) throws IOException {
        IpCommand ip = new IpCommand(namespace);
        boolean there = exists(ip, name);
        if (there) {
            Leftover.of(ip, name).ifPresent(Leftover::remove);
        }
        HostInterface made = new HostInterface(Tun.open(kind, name, namespace, there), ip, name);
        try {
            if (!there || Linux.isRoot()) {
                made.set(kind, setup, there);
            } else {
                made.check(kind, setup);
            }
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** A TUN interface besides one of this name that a living Careof has there, and which one; empty: there is none. */
    static Optional<String> other(IpCommand ip, String name) throws IOException {
        for (String line : ip.run("-d", "-o", "link", "show", "type", "tun").lines().filter(line -> line.contains(" tun type tun ")).toList()) {
            String found = found(NAME, line).orElse(name);
            if (!found.equals(name)) {
                Optional<String> marked = found(OWNER, line).filter(HostInterface::lives);
                Optional<String> process = marked.isPresent() ? marked : Holders.OF_LINUX.of(found, ip.namespace()).map(String::valueOf);
                if (process.isPresent()) {
                    return Optional.of(found + ip.where() + " of the Careof with process number " + process.get());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean lives(String process) {
        return ProcessHandle.of(Long.parseLong(process)).filter(ProcessHandle::isAlive).isPresent();
    }

    static boolean exists(IpCommand ip, String name) {
        try {
            ip.run("link", "show", "dev", name);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** On a device of somebody else, only what is not there yet is set, and what it was before is put back. */
    private void set(Tun.Kind kind, HostSetup setup, boolean there) throws IOException {
        String before = there ? ip.run("-o", "link", "show", "dev", name) : "";
        Optional<String> address = setup.addressText().filter(text -> !there || !has(text));
        Optional<String> mtu = found(MTU, before).filter(_ -> setup.mtu() > 0);
        boolean down = there && !before.matches(UP);
        String alias = found(ALIAS, before).orElse("");
        ip.run("link", "set", "dev", name, "alias", mark(address, mtu, down, alias));
        if (there) {
            undo.add(new String[] {"link", "set", "dev", name, "alias", alias});
        }
        if (down) {
            undo.add(new String[] {"link", "set", "dev", name, "down"});
        }
        if (setup.mtu() > 0) {
            mtu.ifPresent(m -> undo.add(new String[] {"link", "set", "dev", name, "mtu", m}));
            ip.run("link", "set", "dev", name, "mtu", Integer.toString(setup.mtu()));
        }
        if (!there) {
            ip.run("link", "set", "dev", name, "txqueuelen", Integer.toString(Inbox.MOST));    // the usual 500 are gone while the reader waits for a processor
        }
        if (!there && kind == Tun.Kind.TUN) {    // a node's upper layer is no neighbour of anybody: it solicits no router and joins no group
            ip.run("link", "set", "dev", name, "multicast", "off", "addrgenmode", "none");
        }
        ip.run("link", "set", "dev", name, "up");
        if (address.isPresent()) {
            ip.run("address", "replace", address.get(), "dev", name, "nodad");
            undo.add(new String[] {"address", "del", address.get(), "dev", name});
        }
        undo.add(new String[] {"-6", "route", "flush", "dev", name, "proto", PROTOCOL});
        for (Prefix route : setup.routes()) {
            if (!isRouted(route)) {
                ip.run("-6", "route", "add", route.toString(), "dev", name, "proto", PROTOCOL);
            }
        }
        if (!there) {
            undo.clear();    // it all goes with the device
        }
    }

    private static String mark(Optional<String> address, Optional<String> mtu, boolean down, String alias) {
        String mark = MARK + ProcessHandle.current().pid() + address.map(a -> " " + a).orElse("") + mtu.map(m -> " mtu=" + m).orElse("") + (down ? " down" : "");
        String whole = mark + (alias.isEmpty() ? "" : " was=" + alias);
        return whole.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ALIAS ? whole : mark;
    }

    private static Optional<String> found(Pattern what, String link) {
        return what.matcher(link).results().findFirst().map(m -> m.group(1));
    }

    /** Whether it has an address, with its length. */
    private boolean has(String address) {
        try {
            return ip.run("-6", "-o", "address", "show", "dev", name).contains(" " + address + " ");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether a prefix leads to this device already.
     *
     * @throws IOException where it leads elsewhere: the machine's own route is neither replaced nor hidden, and may be preferred to the lab's
     */
    private boolean isRouted(Prefix prefix) throws IOException {
        List<String> routes = ip.run("-6", "route", "show", "exact", prefix.toString()).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (routes.stream().anyMatch(route -> (route + " ").contains(" dev " + name + " "))) {
            return true;
        }
        Optional<String> device = routes.stream().findFirst().flatMap(route -> found(SET_BY_A_RUN, route));
        if (device.isPresent() && Leftover.of(ip, device.get()).isPresent()) {
            throw new IOException("a run that was killed left a route to the lab's " + prefix + ip.where() + " (" + routes.getFirst() + "), which " + name
                    + " would have to replace. Remove what that run left, then go live again");
        }
        if (!routes.isEmpty()) {
            throw new IOException("this machine has a route of its own to the lab's " + prefix + ip.where() + " (" + routes.getFirst() + "), which " + name
                    + " would have to replace. Put " + name + " into a network namespace of its own, or give the lab another prefix");
        }
        return false;
    }

    private void check(Tun.Kind kind, HostSetup setup) throws IOException {
        String link = ip.run("-o", "link", "show", "dev", name);
        List<String> commands = new ArrayList<>();
        boolean large = setup.mtu() > 0 && found(MTU, link).filter(mtu -> Long.parseLong(mtu) <= setup.mtu()).isEmpty();
        if (large || !link.matches(UP)) {
            commands.add("ip link set dev " + name + (setup.mtu() > 0 ? " mtu " + setup.mtu() : "") + " up");
        }
        setup.addressText().filter(address -> !has(address)).ifPresent(address -> commands.add("ip address add " + address + " dev " + name + " nodad"));
        for (Prefix route : setup.routes()) {
            if (!isRouted(route)) {
                commands.add("ip -6 route add " + route + " dev " + name);
            }
        }
        if (!commands.isEmpty()) {
            throw new IOException(name + " is yours, but not set up, which only root may do. Run Careof as root, or let root do once:\n  " + String.join("\n  ", commands));
        }
    }

    @Override
    public void start(Listener listener) {
        tun.start(listener);
    }

    @Override
    public boolean send(Octets octets) {
        return tun.send(octets);
    }

    @Override
    public int flush() {
        return tun.flush();
    }

    @Override
    public String where() {
        return tun.where();
    }

    @Override
    public void close() {
        for (String[] command : undo.reversed()) {
            quietly(ip, command);
        }
        undo.clear();
        tun.close();
    }

    private static void quietly(IpCommand ip, String... command) {
        try {
            ip.run(command);
        } catch (IOException e) {
            // The device is gone, or somebody was here before: it is undone already.
        }
    }

    /**
     * What a run that was killed left on an interface.
     *
     * @param process that set it
     * @param address that it set, with its prefix length; empty: none
     * @param mtu     that was there before; empty: it is there still
     * @param down    whether it was
     * @param alias   that was there before; may be empty
     */
    record Leftover(IpCommand ip, String name, long process, Optional<String> address, Optional<String> mtu, boolean down, String alias) {
        /** Of one interface; empty: there is none, or its process lives. */
        static Optional<Leftover> of(IpCommand ip, String name) throws IOException {
            return MARKED.matcher(ip.run("link", "show", "dev", name)).results().findFirst().filter(mark -> !lives(mark.group("process"))).map(mark ->
                    new Leftover(ip, name, Long.parseLong(mark.group("process")), Optional.ofNullable(mark.group("address")), Optional.ofNullable(mark.group("mtu")), mark.group("down") != null,
                            Optional.ofNullable(mark.group("alias")).orElse("")));
        }

        /** Takes back what that run set. */
        void remove() {
            quietly(ip, "-6", "route", "flush", "dev", name, "proto", PROTOCOL);
            address.ifPresent(a -> quietly(ip, "address", "del", a, "dev", name));
            mtu.ifPresent(m -> quietly(ip, "link", "set", "dev", name, "mtu", m));
            if (down) {
                quietly(ip, "link", "set", "dev", name, "down");
            }
            quietly(ip, "link", "set", "dev", name, "alias", alias);
        }

        @Override
        public String toString() {
            return name + ip.where() + ": set up by process " + process + ", which is gone" + address.map(a -> "; address " + a).orElse("") + mtu.map(m -> "; MTU, before " + m).orElse("")
                    + (down ? "; it was down" : "") + String.format(Locale.ROOT, "; routes of protocol %s", PROTOCOL);
        }
    }
}
