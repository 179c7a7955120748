/** A node of each role, put together from what the lab file says of it. */
package careof.engine.node;
