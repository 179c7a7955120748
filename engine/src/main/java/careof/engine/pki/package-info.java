/**
 * X.509 certificates (RFC 5280 with the profile of RFC 4945): making them for labs, reading them, judging chains. Bouncy Castle reads and
 * writes their structures; the verdicts are our own.
 */
package careof.engine.pki;
