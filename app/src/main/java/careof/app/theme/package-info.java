/** Light and dark: the style sheets of the window, and the same colours for what is painted on a canvas. */
package careof.app.theme;
