//! Relations of type `restriction` → the field `no_turns` of the road that is left: `code@lon lat`.
//!
//! A relation leads from a way over a node to another way. `no_*` bans that turn, `only_*` every
//! other one at that node. What holds for trucks counts: `restriction:hgv` goes before
//! `restriction`, and what is not for them (`except=hgv`) is left out. Turns over ways, by the hour
//! or from the middle of a way are not taken, and said.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::element::{Element, ElementKinds, Member, MemberKind, Tags, Way};
use super::places::NodePositions;
use super::{File, road};
use crate::domain::Text;
use crate::exchange::Error;

const OVER_WAYS: Text = Text::new(
    "转向限制经由道路而不是路口，未采用",
    "a turn restriction over a way, not a node: not taken",
);
const BY_THE_HOUR: Text =
    Text::new("转向限制只在部分时段有效，未采用", "a turn restriction by the hour: not taken");
const NOT_HERE: Text = Text::new(
    "转向限制的道路或路口不在文件中，未采用",
    "a turn restriction whose roads are not in the file: not taken",
);
const FROM_THE_MIDDLE: Text = Text::new(
    "转向限制的路口不在道路端点，方向不明，未采用",
    "a turn restriction in the middle of a way, on either side: not taken",
);
const UNKNOWN: Text =
    Text::new("转向限制的类型无法识别，未采用", "a turn restriction of no known kind: not taken");

/// A planet has two million turn restrictions.
const MAX_TURNS: usize = 4_000_000;

/// What a relation says, before anybody knows where its ways lie.
struct Turn {
    relation: i64,
    is_only: bool,
    from: Vec<i64>,
    via: i64,
    to: Vec<i64>,
}

/// The restrictions of a file, resolved in three passes: relations, ways, positions.
#[derive(Default)]
pub struct Turns {
    found: Vec<Turn>,
    /// First and last node of the ways that are left or entered, once they were seen.
    ends: FxHashMap<i64, Option<[i64; 2]>>,
    /// The roads at the nodes after which only one way may be taken.
    at_node: FxHashMap<i64, Vec<i64>>,
    /// By the way that is left: the way that may not be entered, and the node.
    banned: FxHashMap<i64, Vec<(i64, i64)>>,
    refused: Vec<(i64, Text)>,
}

impl Turns {
    /// All restrictions of a file, of which the ways must still be seen.
    pub fn of(file: &mut File) -> Result<Self, Error> {
        let mut turns = Self::default();
        file.each(ElementKinds { relations: true, ..ElementKinds::default() }, &mut |element| {
            if let Element::Relation { id, members, tags } = element {
                turns.add(id, &members, &tags);
            }
            if turns.found.len() > MAX_TURNS {
                return Err(Error::hostile(
                    "转向限制太多，请先裁出本区范围",
                    "it has too many turn restrictions: cut out the district first",
                ));
            }
            Ok(())
        })?;
        Ok(turns)
    }

    fn add(&mut self, relation: i64, members: &[Member], tags: &Tags<'_>) {
        match turn(relation, members, tags) {
            None => {}
            Some(Err(reason)) => self.refused.push((relation, reason)),
            Some(Ok(turn)) => {
                self.ends.extend(turn.from.iter().chain(&turn.to).map(|way| (*way, None)));
                if turn.is_only {
                    self.at_node.entry(turn.via).or_default();
                }
                self.found.push(turn);
            }
        }
    }

    /// Every way of the file, once.
    pub fn see(&mut self, way: &Way<'_>) {
        if self.found.is_empty() || road::class(&way.tags).is_none() {
            return;
        }
        if let (Some(ends), Some(first), Some(last)) =
            (self.ends.get_mut(&way.id), way.nodes.first(), way.nodes.last())
        {
            *ends = Some([*first, *last]);
        }
        if self.at_node.is_empty() {
            return;
        }
        let mut seen = FxHashSet::default();
        for node in &way.nodes {
            if let Some(roads) = self.at_node.get_mut(node)
                && seen.insert(*node)
            {
                roads.push(way.id);
            }
        }
    }

    /// Once all ways were seen and the nodes have places.
    pub fn resolve(&mut self, places: &NodePositions) {
        for turn in std::mem::take(&mut self.found) {
            match self.bans(&turn, places) {
                Ok(bans) => {
                    for (from, to) in bans {
                        self.banned.entry(from).or_default().push((to, turn.via));
                    }
                }
                Err(reason) => self.refused.push((turn.relation, reason)),
            }
        }
    }

    /// Pairs of the way that is left and the way that may not be entered.
    fn bans(&self, turn: &Turn, places: &NodePositions) -> Result<Vec<(i64, i64)>, Text> {
        if places.get(turn.via).is_none() {
            return Err(NOT_HERE);
        }
        for way in turn.from.iter().chain(&turn.to) {
            let ends = self.ends.get(way).copied().flatten().ok_or(NOT_HERE)?;
            if !ends.contains(&turn.via) {
                return Err(FROM_THE_MIDDLE);
            }
        }
        let others = |to: &[i64]| -> Vec<i64> {
            let roads = self.at_node.get(&turn.via).into_iter().flatten();
            roads.filter(|road| !to.contains(road)).copied().collect()
        };
        let to = if turn.is_only { others(&turn.to) } else { turn.to.clone() };
        Ok(turn.from.iter().flat_map(|from| to.iter().map(|to| (*from, *to))).collect())
    }

    /// The cell of `no_turns`; `None` where a way may be left for any other.
    pub fn cell(&self, way: i64, places: &NodePositions) -> Option<String> {
        let word = |(to, via): &(i64, i64)| {
            let at = places.get(*via)?.coord();
            Some(format!("osm:w{to}@{:.7} {:.7}", at.x, at.y))
        };
        let banned: BTreeSet<&(i64, i64)> = self.banned.get(&way)?.iter().collect();
        let words: Vec<String> = banned.into_iter().filter_map(word).collect();
        Some(words.join(";"))
    }

    /// Relations that were not taken, and why.
    pub fn refused(&self) -> &[(i64, Text)] {
        &self.refused
    }
}

/// `None` for what is no turn restriction, or none for trucks.
fn turn(relation: i64, members: &[Member], tags: &Tags<'_>) -> Option<Result<Turn, Text>> {
    let is_restriction = |kind: &str| kind == "restriction" || kind.starts_with("restriction:");
    tags.get("type").filter(|kind| is_restriction(kind))?;
    let except = tags.get("except").unwrap_or_default();
    if except.split(';').any(|who| matches!(who.trim(), "hgv" | "motor_vehicle" | "vehicle")) {
        return None;
    }
    let is_timed = ["day_on", "day_off", "hour_on", "hour_off"];
    let is_conditional = ["restriction:conditional", "restriction:hgv:conditional"];
    let Some(rule) = tags.first(&["restriction:hgv", "restriction"]) else {
        // What remains is for other vehicles, such as `restriction:bus`.
        return tags.first(&is_conditional).map(|_| Err(BY_THE_HOUR));
    };
    if rule == "none" {
        return None;
    }
    if tags.first(&is_timed).is_some() {
        return Some(Err(BY_THE_HOUR));
    }
    Some(parts(relation, members, rule))
}

fn parts(relation: i64, members: &[Member], rule: &str) -> Result<Turn, Text> {
    let is_only = match rule.split_once('_') {
        Some(("only", _)) => true,
        Some(("no", _)) => false,
        _ => return Err(UNKNOWN),
    };
    let of = |role: &str, kind: MemberKind| -> Vec<i64> {
        let members = members.iter().filter(|member| member.role == role && member.kind == kind);
        members.map(|member| member.id).collect()
    };
    if !of("via", MemberKind::Way).is_empty() {
        return Err(OVER_WAYS);
    }
    let (from, to) = (of("from", MemberKind::Way), of("to", MemberKind::Way));
    match *of("via", MemberKind::Node) {
        [via] if !from.is_empty() && !to.is_empty() => {
            Ok(Turn { relation, is_only, from, via, to })
        }
        _ => Err(NOT_HERE),
    }
}

#[cfg(test)]
mod tests {
    use crate::exchange::formats::osm::Osm;
    use crate::exchange::testing::Gathered;
    use crate::exchange::{Format as _, ReadOptions};

    /// A crossroads of four ways that meet in node 5 (1 west, 2 north, 3 east, 4 south); way 6 goes
    /// through node 7 in its middle.
    fn crossroads(relations: &str) -> Gathered {
        let nodes = [(1, 118.15, 39.83), (2, 118.16, 39.84), (3, 118.17, 39.83)];
        let more = [(4, 118.16, 39.82), (5, 118.16, 39.83), (7, 118.18, 39.83), (8, 118.19, 39.83)];
        let node =
            |(id, lon, lat): &(i64, f64, f64)| format!("<node id='{id}' lon='{lon}' lat='{lat}'/>");
        let nodes: String = nodes.iter().chain(&more).map(node).collect();
        let way = |id: i64, refs: &[i64]| {
            let refs: Vec<String> = refs.iter().map(|node| format!("<nd ref='{node}'/>")).collect();
            let refs = refs.concat();
            format!("<way id='{id}'>{refs}<tag k='highway' v='primary'/></way>")
        };
        let ways = [way(1, &[1, 5]), way(2, &[2, 5]), way(3, &[5, 3]), way(4, &[4, 5])].concat();
        let long = way(6, &[3, 7, 8]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("town.osm");
        std::fs::write(&path, format!("<osm>{nodes}{ways}{long}{relations}</osm>")).unwrap();
        let mut gathered = Gathered::default();
        Osm.read(&path, &ReadOptions::default(), &mut gathered).unwrap();
        gathered
    }

    fn relation(members: &[(&str, &str, i64)], tags: &[(&str, &str)]) -> String {
        let member = |(role, kind, id): &(&str, &str, i64)| {
            format!("<member type='{kind}' ref='{id}' role='{role}'/>")
        };
        let tag = |(key, value): &(&str, &str)| format!("<tag k='{key}' v='{value}'/>");
        let (members, tags): (String, String) =
            (members.iter().map(member).collect(), tags.iter().map(tag).collect());
        format!("<relation id='90'>{members}<tag k='type' v='restriction'/>{tags}</relation>")
    }

    const WEST_TO_NORTH: [(&str, &str, i64); 3] =
        [("from", "way", 1), ("via", "node", 5), ("to", "way", 2)];

    fn no_turns(map: &Gathered, code: &str) -> String {
        let roads = map.table("road");
        roads.text(roads.row("code", code), "no_turns").clone()
    }

    #[test]
    fn a_banned_turn_stands_at_the_road_that_is_left() {
        let map = crossroads(&relation(&WEST_TO_NORTH, &[("restriction", "no_left_turn")]));
        assert_eq!(no_turns(&map, "osm:w1"), "osm:w2@118.1600000 39.8300000");
        assert_eq!(no_turns(&map, "osm:w2"), "");
        assert_eq!(map.table("road").rejected, []);
    }

    #[test]
    fn where_only_one_way_may_be_taken_every_other_is_banned_and_so_is_turning_back() {
        let map = crossroads(&relation(&WEST_TO_NORTH, &[("restriction", "only_left_turn")]));
        let banned: Vec<String> = no_turns(&map, "osm:w1")
            .split(';')
            .map(|word| word.split('@').next().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(banned, ["osm:w1", "osm:w3", "osm:w4"]);
    }

    #[test]
    fn what_is_said_to_trucks_goes_before_what_is_said_to_all() {
        let hgv = [("restriction", "no_left_turn"), ("restriction:hgv", "only_left_turn")];
        assert!(no_turns(&crossroads(&relation(&WEST_TO_NORTH, &hgv)), "osm:w1").contains("w3@"));
        for tags in [
            [("restriction", "no_left_turn"), ("except", "bus;hgv")],
            [("restriction:bus", "no_left_turn"), ("note", "x")],
        ] {
            let map = crossroads(&relation(&WEST_TO_NORTH, &tags));
            assert_eq!(no_turns(&map, "osm:w1"), "");
            assert_eq!(map.table("road").rejected, [], "not for trucks, so nothing is amiss");
        }
    }

    #[test]
    fn what_cannot_be_taken_is_said_with_the_reason() {
        let no_left = [("restriction", "no_left_turn")];
        let over_way = [("from", "way", 1), ("via", "way", 3), ("to", "way", 6)];
        let middle = [("from", "way", 6), ("via", "node", 7), ("to", "way", 6)];
        let missing = [("from", "way", 1), ("via", "node", 5), ("to", "way", 77)];
        let timed = [("restriction", "no_left_turn"), ("hour_on", "07:00")];
        let cases: [(&[_], &[_], &str); 5] = [
            (&over_way, &no_left, "over a way"),
            (&middle, &no_left, "middle of a way"),
            (&missing, &no_left, "not in the file"),
            (&WEST_TO_NORTH, &timed, "by the hour"),
            (&WEST_TO_NORTH, &[("restriction", "left_turn")], "no known kind"),
        ];
        for (members, tags, reason) in cases {
            let map = crossroads(&relation(members, tags));
            let rejected = &map.table("road").rejected;
            assert_eq!(rejected.len(), 1, "{reason}");
            assert!(rejected[0].0 == 90 && rejected[0].1.contains(reason), "{rejected:?}");
            assert!(["osm:w1", "osm:w6"].iter().all(|code| no_turns(&map, code).is_empty()));
        }
    }
}
