/** Certificates that nodes of a run show each other: where they are found, what they say, and who believes them. */
package careof.app.certificate;
