/** The lab's ports to the outside: which to open, and how they are doing. */
package careof.app.live;
