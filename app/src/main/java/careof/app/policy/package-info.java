/** The draft's recommendations as switches: what each says now, for the lab or for one node, and how the user changes it. */
package careof.app.policy;
