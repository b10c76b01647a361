//! The one table of colours, named by meaning. Red, green, blue, opacity.

/// Straight (not premultiplied) sRGB with opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rgba(pub [u8; 4]);

/// What a colour is for, and which one it is on paper and at night.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// The map where nothing else is: outside the district, behind panels.
    pub ground: Rgba,
    /// Margins, cards, the inside of the district.
    pub panel: Rgba,
    /// Text and outlines of marks.
    pub ink: Rgba,
    /// Notes, units, names of areas.
    pub muted: Rgba,
    /// Hairlines.
    pub line: Rgba,
    /// Yours now: selection, focus, the active tool.
    pub accent: Rgba,
    /// Must act; 禁行.
    pub act: Rgba,
    /// Watch; 限行.
    pub watch: Rgba,
    /// 单行, 绕行, links.
    pub calm: Rgba,
    pub ring: Rgba,
    pub ring_fill: Rgba,
    /// Behind every label on the map.
    pub halo: Rgba,
    /// Roads: the edge, the big ones, the others.
    pub road_edge: Rgba,
    pub road_major: Rgba,
    pub road_minor: Rgba,
    /// Quiet fills of a vector base map.
    pub water: Rgba,
    pub green: Rgba,
    pub built: Rgba,
}

/// On a light ground: window, print and papers.
pub const LIGHT: Palette = Palette {
    ground: rgb(0xF6_F4EF),
    panel: rgb(0xFF_FFFF),
    ink: rgb(0x1B_1F24),
    muted: rgb(0x64_6B78),
    line: rgb(0xDE_DAD2),
    accent: rgb(0x0B_7A75),
    act: rgb(0xB4_2318),
    watch: rgb(0xB5_4708),
    calm: rgb(0x2B_5F9E),
    ring: rgb(0x0B_7A75).faded(0.9),
    ring_fill: rgb(0x0B_7A75).faded(0.06),
    halo: rgb(0xFF_FFFF).faded(0.85),
    road_edge: rgb(0xBD_B7AB),
    road_major: rgb(0xF0_E7D3),
    road_minor: rgb(0xFF_FFFF),
    water: rgb(0xDD_E4E8),
    green: rgb(0xEE_F0E8),
    built: rgb(0xE9_E6DF),
};

/// On a dark ground: the window at night.
pub const DARK: Palette = Palette {
    ground: rgb(0x14_181D),
    panel: rgb(0x1C_2229),
    ink: rgb(0xE8_EAED),
    muted: rgb(0x98_A2AE),
    line: rgb(0x2C_343D),
    accent: rgb(0x2F_C6B8),
    act: rgb(0xFF_6B5E),
    watch: rgb(0xF5_A524),
    calm: rgb(0x6F_A8E8),
    ring: rgb(0x2F_C6B8).faded(0.9),
    ring_fill: rgb(0x2F_C6B8).faded(0.08),
    halo: rgb(0x0B_0E11).faded(0.85),
    road_edge: rgb(0x5E_6975),
    road_major: rgb(0x75_684C),
    road_minor: rgb(0x3F_4954),
    water: rgb(0x1A_2631),
    green: rgb(0x1A_211E),
    built: rgb(0x23_2A32),
};

const fn rgb(hex: u32) -> Rgba {
    let [_, red, green, blue] = hex.to_be_bytes();
    Rgba([red, green, blue, 255])
}

impl Rgba {
    /// The same colour at a share (0–1) of its opacity.
    #[must_use]
    pub const fn faded(self, share: f32) -> Self {
        let [red, green, blue, alpha] = self.0;
        Self([red, green, blue, (alpha as f32 * share + 0.5) as u8])
    }

    /// Whether nothing under it shows.
    pub const fn is_opaque(self) -> bool {
        self.0[3] == 255
    }

    /// 0–1.
    pub fn opacity(self) -> f32 {
        f32::from(self.0[3]) / 255.0
    }

    /// This colour laid over an opaque one.
    #[must_use]
    pub fn over(self, under: Self) -> Self {
        let share = self.opacity();
        let [r, g, b, _] = self.0;
        let [ur, ug, ub, _] = under.0;
        let mix =
            |top: u8, low: u8| (f32::from(top) * share + f32::from(low) * (1.0 - share)).round();
        Self([mix(r, ur) as u8, mix(g, ug) as u8, mix(b, ub) as u8, 255])
    }

    /// `#0B7A75`; the opacity is told apart.
    pub fn hex(self) -> String {
        let [red, green, blue, _] = self.0;
        format!("#{red:02X}{green:02X}{blue:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast as WCAG 2.2 defines them.
    fn contrast(one: Rgba, other: Rgba) -> f64 {
        let luminance = |colour: Rgba| {
            let linear = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            let [r, g, b, _] = colour.0;
            0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
        };
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn black_on_white_is_the_contrast_of_the_definition() {
        assert!((contrast(Rgba([0, 0, 0, 255]), Rgba([255; 4])) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn every_text_colour_can_be_read_on_every_ground_it_stands_on() {
        for (name, theme) in [("light", LIGHT), ("dark", DARK)] {
            let texts = [theme.ink, theme.muted, theme.act, theme.watch, theme.calm, theme.accent];
            for ground in [theme.ground, theme.panel, theme.halo.over(theme.ground)] {
                for text in texts {
                    let contrast = contrast(text.over(ground), ground);
                    assert!(
                        contrast >= 4.5,
                        "{name}: {} on {}: {contrast:.2}",
                        text.hex(),
                        ground.hex()
                    );
                }
            }
        }
    }

    #[test]
    fn roads_are_seen_on_every_ground_by_day_and_by_night() {
        for (name, theme) in [("light", LIGHT), ("dark", DARK)] {
            for ground in [theme.ground, theme.panel] {
                let contrast = contrast(theme.road_edge, ground);
                assert!(contrast >= 1.8, "{name}: {contrast:.2} on {}", ground.hex());
            }
        }
    }

    #[test]
    fn half_of_black_over_white_is_grey() {
        let grey = Rgba([0, 0, 0, 255]).faded(0.5).over(Rgba([255; 4]));
        assert_eq!(grey.hex(), "#7F7F7F");
    }
}
