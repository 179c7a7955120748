/** What is edited and what is chosen for the user: selection, names, addresses, references; without a scene. */
package careof.editor.model;
