/** The tables of the selected node, link or lab at the cursor. */
package careof.app.tables;
