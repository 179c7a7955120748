package careof.engine.state;

/**
 * One row of one table. A row is named by its node, its kind (the record class) and its key.
 *
 * <p>The order of the permitted records is part of the trace's binary form: append new ones at the end.
 */
public sealed interface State
        permits PortState, AddressEntry, Neighbour, Route, DefaultRouter, OnLinkPrefix, PathMtu, Reassembly, TimerState, LinkState, Transmitter,
                InFlight, FlowEnd, Counter, RateLimit, Binding, ListEntry, ReturnRoutabilityEntry, Nonce, ProxyEntry, HomeAgentEntry, TunnelEntry,
                MovementState, ModeEntry,
                DeletedBinding, PendingRegistration, Solicitation, ThroughHome, BindingUse,
                Sa, SaUse, SpdEntry, Switches, Acquire, Registration,
                Ip4AddressEntry, AttackRule, HeldFrame,
                IkeSa, IkeExchange, IkeChild, HostHearing {

    /** The row's key: unique among rows of its kind on its node, and stable while the row changes. */
    String key();
}
