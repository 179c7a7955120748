/** Layers of the canvas: grid, cells, wires, segments, nodes, overlays; palette, minimap, property cards. */
package careof.editor.view;
