/** The draft's recommendations as switches, and the one place that answers what they mean. */
package careof.engine.policy;
