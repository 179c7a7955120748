/** What {@code careof bench} measures. */
package careof.app.bench;
