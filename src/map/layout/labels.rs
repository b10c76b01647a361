//! Which names are written and where: important first, never over another, never over a mark.

use std::collections::BTreeMap;

use super::boxes::{OrientedBox, Room};

use crate::domain::Lang;
use crate::map::Tag;
use crate::map::drawing::{
    Batches, HALO_WIDTH, LabelStyle, LineStep, Primitive, Stroke, TextRun, TextStyle, joined,
    steps, straight_stretches, total,
};
use crate::map::font::{Fonts, Weight};
use crate::map::tokens::Palette;
use crate::map::view::{At, Frame};

/// A name that would like to be on the map.
pub struct LabelWish {
    /// Lowest first.
    pub rank: u32,
    pub text: String,
    pub tag: Option<Tag>,
    pub style: LabelStyle,
    pub place: Placement,
}

/// Where a name would like to stand.
pub enum Placement {
    /// Beside one of these, which reach so far from their middle.
    Beside(Vec<At>, f64),
    /// Centred on the first of these that is free.
    On(Vec<At>),
    /// Beside a mark, if need be at some distance: it must be named.
    Around(At, f64),
    /// Upright at either side of a line, which reaches so far from its middle.
    BesideLine(Vec<LineStep>, f64),
    /// Along a line in any of its pieces.
    Along(Vec<Vec<At>>),
    /// Centred on a line in any of its pieces, upright.
    OnLine(Vec<Vec<At>>),
}

/// What was written.
pub struct PlacedLabels {
    pub items: Vec<Primitive>,
    /// The room that each name took.
    pub blocks: Vec<OrientedBox>,
    /// For which there was no room.
    pub left: Vec<LabelWish>,
}

/// Writes names where there is room.
pub struct Lettering<'a> {
    pub fonts: &'a Fonts,
    pub theme: &'a Palette,
    pub lang: Lang,
    /// How many names at most.
    pub most: usize,
}

/// A page full of marks has no room for names; to look for it a few thousand times is enough.
const MOST_TRIES: usize = 3000;
/// A name that is longer than so many of its letters is high is broken.
const LONG: f64 = 11.0;
/// From line to line, letters.
const LINE: f64 = 1.18;
/// The same road is named again after this way, page units.
const REPEAT: f64 = 620.0;
/// How far a line may bend under a name written along it.
const SLACK: f64 = 2.6;
const MOST_PIECES: usize = 200;
/// From the middle of a line to the edge of a name beside it.
const OFF_LINE: f64 = 9.0;
const TAG: TextStyle = TextStyle { size: 12.0, weight: Weight::Regular };
const TAG_GAP: f64 = 5.0;

impl Lettering<'_> {
    /// Writes in the order of rank, and takes from `room` what the names need.
    pub fn write(&self, mut wishes: Vec<LabelWish>, room: &mut Room) -> PlacedLabels {
        wishes.sort_by_key(|wish| wish.rank);
        let mut written = PlacedLabels { items: Vec::new(), blocks: Vec::new(), left: Vec::new() };
        let mut last_at: BTreeMap<(String, bool), Vec<At>> = BTreeMap::new();
        let (mut names, mut tries) = (0, 0);
        for wish in wishes {
            if names >= self.most || tries >= MOST_TRIES {
                break;
            }
            tries += 1;
            let is_on_line = matches!(wish.place, Placement::Along(_) | Placement::OnLine(_));
            let key = (wish.text.clone(), wish.style.is_plaque);
            let same = last_at.entry(key).or_default();
            let before = names;
            for block in self.candidates(&wish) {
                let repeats =
                    is_on_line && same.iter().any(|at| distance(*at, block.center) < REPEAT);
                if repeats || !room.is_free(&block) {
                    continue;
                }
                room.take(block);
                same.push(block.center);
                self.put(&wish, block, &mut written.items);
                written.blocks.push(block);
                names += 1;
                if !is_on_line {
                    break;
                }
            }
            if names == before {
                written.left.push(wish);
            }
        }
        written
    }

    /// Of its widest line.
    fn name_width(&self, wish: &LabelWish) -> f64 {
        let widths = self.lines(wish).into_iter().map(|line| self.line_width(wish, line));
        widths.fold(0.0, f64::max)
    }

    fn line_width(&self, wish: &LabelWish, line: &str) -> f64 {
        let LabelStyle { size, weight, spacing, .. } = wish.style;
        let letters = line.chars().count().saturating_sub(1) as f64;
        self.fonts.width(weight, line, size) + spacing * letters
    }

    /// A long name that stands beside its mark is broken in two; one along a line is not.
    fn lines<'w>(&self, wish: &'w LabelWish) -> Vec<&'w str> {
        let is_along = matches!(wish.place, Placement::Along(_) | Placement::OnLine(_));
        let is_whole = is_along || wish.style.is_plaque || self.tag_text(wish).is_some();
        if is_whole || self.line_width(wish, &wish.text) <= LONG * wish.style.size {
            return vec![&wish.text];
        }
        let (first, second) = halves(&wish.text);
        if second.is_empty() { vec![first] } else { vec![first, second] }
    }

    /// The words of a tag, unless the name says it already.
    fn tag_text(&self, wish: &LabelWish) -> Option<&'static str> {
        let tag = wish.tag.filter(|tag| !tag.is_said_in(&wish.text, self.lang))?;
        Some(tag.text().say(self.lang))
    }

    fn tag_width(&self, wish: &LabelWish) -> f64 {
        self.tag_text(wish).map_or(0.0, |text| TAG_GAP + 8.0 + TAG.width(self.fonts, text))
    }

    /// Of the lines after the first.
    fn extra_height(&self, wish: &LabelWish) -> f64 {
        (self.lines(wish).len() - 1) as f64 * wish.style.size * LINE
    }

    fn candidates(&self, wish: &LabelWish) -> Vec<OrientedBox> {
        let frame = if wish.style.is_plaque { 3.5 } else { 0.0 };
        let half = At {
            x: f64::midpoint(self.name_width(wish), self.tag_width(wish)) + 2.0 + frame,
            y: wish.style.size * 0.6 + 1.0 + frame / 2.0 + self.extra_height(wish) / 2.0,
        };
        let upright = |at: At| OrientedBox::upright(at, half.x, half.y);
        match &wish.place {
            Placement::Beside(places, reach) => {
                let around = |at: &At| beside(*at, *reach, half).map(upright);
                places.iter().flat_map(around).collect()
            }
            Placement::On(places) => places.iter().copied().map(upright).collect(),
            Placement::Around(at, reach) => {
                let further = |more: f64| beside(*at, reach + more, half).map(upright);
                [0.0, 9.0, 20.0, 34.0].into_iter().flat_map(further).collect()
            }
            Placement::BesideLine(places, reach) => {
                let both = |step: &LineStep| sides(*step, *reach, half).map(upright);
                places.iter().flat_map(both).collect()
            }
            Placement::Along(pieces) => on_pieces(pieces, |line| {
                let stretches = straight_stretches(line, half.x * 2.0 + 6.0, SLACK);
                with_parallels(stretches, half.y + OFF_LINE).map(|step| OrientedBox {
                    center: step.at,
                    half,
                    along: readable(step.along),
                })
            }),
            Placement::OnLine(pieces) => on_pieces(pieces, |line| {
                let every = 70.0;
                let first = (total(line) / 2.0) % every;
                let places = steps(line, first.max(1.0), every);
                with_parallels(places, half.y + OFF_LINE).map(|step| upright(step.at))
            }),
        }
    }

    fn put(&self, wish: &LabelWish, block: OrientedBox, items: &mut Vec<Primitive>) {
        let LabelStyle { size, weight, color, spacing, is_plaque } = wish.style;
        let (name, tag) = (self.name_width(wish), self.tag_width(wish));
        let down = At { x: -block.along.y, y: block.along.x };
        let start = block.center - block.along * f64::midpoint(name, tag) + down * (size * 0.37);
        if is_plaque {
            items.extend(plaque(block, self.theme));
        }
        let first = start - down * (self.extra_height(wish) / 2.0);
        for (row, line) in self.lines(wish).into_iter().enumerate() {
            let width = self.line_width(wish, line);
            let indent = block.along * ((name - width) / 2.0);
            items.push(Primitive::Text(TextRun {
                text: line.to_owned(),
                at: first + indent + down * (row as f64 * size * LINE),
                size,
                weight,
                color,
                halo: (!is_plaque).then_some(self.theme.halo),
                turn_deg: block.along.y.atan2(block.along.x).to_degrees(),
                spacing,
                width,
            }));
        }
        if let Some(text) = self.tag_text(wish) {
            let begin = start + block.along * (name + TAG_GAP) - down * (size - TAG.size) * 0.37;
            self.put_tag(text, begin, block.along, items);
        }
    }

    /// A word in a small frame behind a name.
    fn put_tag(&self, text: &str, begin: At, along: At, items: &mut Vec<Primitive>) {
        let width = TAG.width(self.fonts, text);
        let down = At { x: -along.y, y: along.x };
        let block = OrientedBox {
            center: begin + along * (width / 2.0 + 4.0) - down * (TAG.size * 0.37),
            half: At { x: width / 2.0 + 3.5, y: TAG.size * 0.6 },
            along,
        };
        let mut batches = Batches::default();
        let ring = block.corners().to_vec();
        let edge = Stroke::solid(self.theme.muted, 0.9);
        batches.area(0, Some(self.theme.halo), Some(edge), &[ring]);
        items.extend(batches.into_items());
        let run = TAG.line(self.fonts, text, begin + along * 4.0, self.theme.muted);
        let turn_deg = along.y.atan2(along.x).to_degrees();
        items.push(Primitive::Text(TextRun { turn_deg, ..run }));
    }
}

/// Broken near its middle: before a bracket or behind a blank or a comma where one is near, in Chinese
/// anywhere, never within a word of other letters.
fn halves(text: &str) -> (&str, &str) {
    let count = text.chars().count();
    let mut best: Option<(usize, usize)> = None;
    let mut before = ' ';
    for (place, (at, c)) in text.char_indices().enumerate() {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        let may_break = place > 1 && place + 2 <= count && !(is_word(before) && is_word(c));
        let is_good = matches!(c, '(' | '（') || matches!(before, ' ' | '、' | '，' | '-');
        let is_bad = matches!(c, ')' | '）' | '、' | '，') || matches!(before, '(' | '（');
        if may_break && !is_bad {
            let off = (2 * place).abs_diff(count) + if is_good { 0 } else { count * 2 / 3 };
            if best.is_none_or(|(least, _)| off < least) {
                best = Some((off, at));
            }
        }
        before = c;
    }
    let (first, second) = best.map_or((text, ""), |(_, at)| text.split_at(at));
    (first.trim_end(), second)
}

fn plaque(block: OrientedBox, theme: &Palette) -> impl Iterator<Item = Primitive> {
    let OrientedBox { center, half, .. } = block;
    let frame = Frame::new(
        center.x - half.x + 1.5,
        center.y - half.y + 1.0,
        center.x + half.x - 1.5,
        center.y + half.y - 1.0,
    );
    let mut batches = Batches::default();
    let edge = Stroke::solid(theme.ink, 1.1).round();
    batches.area(0, Some(theme.panel), Some(edge), &[frame.corners().to_vec()]);
    batches.into_items()
}

/// Right, left, above, below, then the corners.
fn beside(at: At, reach: f64, half: At) -> [At; 8] {
    let (x, y) = (reach + half.x + HALO_WIDTH / 4.0, reach + half.y);
    let near = reach * 0.7;
    [
        (x, 0.0),
        (-x, 0.0),
        (0.0, -y),
        (0.0, y),
        (near + half.x, -near - half.y * 0.8),
        (near + half.x, near + half.y * 0.8),
        (-near - half.x, -near - half.y * 0.8),
        (-near - half.x, near + half.y * 0.8),
    ]
    .map(|(x, y)| at + At { x, y })
}

/// Beyond the line at its right and left, however the line runs: above before below.
fn sides(step: LineStep, reach: f64, half: At) -> [At; 2] {
    let right = step.right();
    let up = if right.y < 0.0 { right } else { right * -1.0 };
    let off = up * (reach + up.x.abs() * half.x + up.y.abs() * half.y);
    [step.at + off, step.at - off]
}

/// The places on a line, and where a line at some distance on either side would have them: a
/// road under a restriction is named beside it.
fn with_parallels(places: Vec<LineStep>, off: f64) -> impl Iterator<Item = LineStep> {
    let beside = places.clone().into_iter().flat_map(move |step| {
        [1.0, -1.0].map(|side| LineStep { at: step.at + step.right() * (off * side), ..step })
    });
    places.into_iter().chain(beside)
}

/// The direction in which letters run along a line: never upside down, downward where it is
/// steep.
fn readable(along: At) -> At {
    const STEEP: f64 = 0.17;
    let is_against = if along.x.abs() < STEEP { along.y < 0.0 } else { along.x < 0.0 };
    if is_against { along * -1.0 } else { along }
}

fn on_pieces<I: Iterator<Item = OrientedBox>>(
    pieces: &[Vec<At>],
    candidates: impl Fn(&[At]) -> I,
) -> Vec<OrientedBox> {
    let mut lines =
        if pieces.len() <= MOST_PIECES { joined(pieces.to_vec()) } else { pieces.to_vec() };
    lines.sort_by(|one, other| total(other).total_cmp(&total(one)));
    lines.iter().flat_map(|line| candidates(line)).collect()
}

fn distance(one: At, other: At) -> f64 {
    (one.x - other.x).hypot(one.y - other.y)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::map::tokens::LIGHT;

    const FRAME: Frame = Frame::new(0.0, 0.0, 800.0, 600.0);

    fn style(size: f64) -> LabelStyle {
        let color = LIGHT.ink;
        LabelStyle { size, weight: Weight::Regular, color, spacing: 0.0, is_plaque: false }
    }

    fn lettering(most: usize) -> Lettering<'static> {
        Lettering { fonts: Fonts::get().unwrap(), theme: &LIGHT, lang: Lang::Zh, most }
    }

    fn wish(rank: u32, text: &str, place: Placement) -> LabelWish {
        LabelWish { rank, text: text.to_owned(), tag: None, style: style(14.0), place }
    }

    fn texts(written: &PlacedLabels) -> Vec<&str> {
        let text = |item: &'_ Primitive| matches!(item, Primitive::Text(_));
        let runs = written.items.iter().filter(|item| text(item));
        runs.filter_map(
            |item| if let Primitive::Text(run) = item { Some(&*run.text) } else { None },
        )
        .collect()
    }

    #[test]
    fn of_two_names_in_one_place_the_important_one_is_written() {
        let at = At { x: 400.0, y: 300.0 };
        let wishes = vec![
            wish(5, "次要", Placement::On(vec![at])),
            wish(1, "重要", Placement::On(vec![at])),
        ];
        let written = lettering(9).write(wishes, &mut Room::new(FRAME));
        assert_eq!(texts(&written), ["重要"]);
    }

    #[test]
    fn a_long_road_is_named_more_than_once_but_not_at_every_corner() {
        let road = (0..160).map(|i| At { x: f64::from(i) * 5.0, y: 300.0 }).collect();
        let written = lettering(9).write(
            vec![wish(1, "曹雪芹大街", Placement::Along(vec![road]))],
            &mut Room::new(FRAME),
        );
        assert!((1..=2).contains(&texts(&written).len()), "{:?}", texts(&written));
    }

    #[test]
    fn a_name_along_a_road_to_the_west_is_not_upside_down() {
        let road = vec![At { x: 700.0, y: 320.0 }, At { x: 100.0, y: 300.0 }];
        let written = lettering(9).write(
            vec![wish(1, "曹雪芹大街", Placement::Along(vec![road]))],
            &mut Room::new(FRAME),
        );
        assert!(written.blocks.iter().all(|block| block.along.x > 0.0));
    }

    #[test]
    fn example_data_is_named_so_unless_its_name_says_it() {
        let at = At { x: 400.0, y: 300.0 };
        let mut plain = wish(1, "一号工地", Placement::On(vec![at]));
        plain.tag = Some(Tag::Example);
        let mut told = wish(2, "二号工地(示例)", Placement::On(vec![at + At { x: 0.0, y: 90.0 }]));
        told.tag = Some(Tag::Example);
        let written = lettering(9).write(vec![plain, told], &mut Room::new(FRAME));
        assert_eq!(texts(&written), ["一号工地", "示例", "二号工地(示例)"]);
    }

    #[test]
    fn a_long_name_stands_in_two_lines_and_is_broken_where_it_reads_well() {
        for (name, lines) in [
            ("东外环重型货车全天禁行草案(示例)", &["东外环重型货车全天禁行草案", "(示例)"][..]),
            ("丰润区城关镇东马庄村北新建物流园工地", &["丰润区城关镇东马庄", "村北新建物流园工地"]),
            ("Restaurant at the northern gate", &["Restaurant at", "the northern gate"]),
            ("城东微站", &["城东微站"]),
        ] {
            let place = Placement::Beside(vec![At { x: 400.0, y: 300.0 }], 9.0);
            let written = lettering(9).write(vec![wish(1, name, place)], &mut Room::new(FRAME));
            assert_eq!(texts(&written), lines);
            let block = written.blocks.first().unwrap();
            let high = if lines.len() > 1 { 14.0 } else { 8.0 };
            assert!(block.half.y > high && block.half.y < high + 8.0, "{block:?}");
        }
    }

    proptest! {
        #[test]
        fn names_never_overlap_and_never_leave_the_map(
            marks in proptest::collection::vec((0.0..800.0, 0.0..600.0, 1_usize..12), 1..200),
        ) {
            let mut room = Room::new(FRAME);
            let obstacles: Vec<OrientedBox> = marks
                .iter()
                .map(|(x, y, _)| OrientedBox::upright(At { x: *x, y: *y }, 5.0, 5.0))
                .collect();
            for block in &obstacles {
                room.take(*block);
            }
            let wishes = marks.iter().enumerate().map(|(rank, (x, y, long))| {
                let place = Placement::Beside(vec![At { x: *x, y: *y }], 9.0);
                wish(rank as u32, &"名".repeat(*long), place)
            });
            let written = lettering(120).write(wishes.collect(), &mut room);
            prop_assert!(written.blocks.len() <= 120);
            for (index, block) in written.blocks.iter().enumerate() {
                prop_assert!(block.corners().iter().all(|corner| FRAME.contains(*corner)));
                prop_assert!(!obstacles.iter().any(|other| other.overlaps(block)));
                prop_assert!(!written.blocks[..index].iter().any(|other| other.overlaps(block)));
            }
        }
    }
}
