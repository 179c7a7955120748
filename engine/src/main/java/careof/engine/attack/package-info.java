/** What attackers do, off path and on path: real octets, put on links, taken off them or changed in between. */
package careof.engine.attack;
