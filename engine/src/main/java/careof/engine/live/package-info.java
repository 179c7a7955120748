/** Where a lab meets the real world: TUN and TAP devices, sockets, real interfaces, the wall clock, real randomness. The only package that is not deterministic. */
package careof.engine.live;
