/** Says of what kind the colour theme is, for pictures. */
import { ColorThemeKind, window } from 'vscode';
import type { Theme } from '../../server/src/lsp/messages.js';

export function currentTheme(): Theme {
  switch (window.activeColorTheme.kind) {
    case ColorThemeKind.Light:
      return 'light';
    case ColorThemeKind.HighContrast:
      return 'high-contrast';
    case ColorThemeKind.HighContrastLight:
      return 'high-contrast-light';
    default:
      return 'dark';
  }
}
