//! `shapan network`: the road network of a district, and what is wrong with it.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;

use super::{Context, Done, as_of};
use crate::domain::{LocalizedText, World};
use crate::network::gates::{GateProposal, gates, generators};
use crate::network::survey::{UnreadRule, unread};
use crate::network::{Defect, DefectKind, Network, cache};
use crate::store::read_cache;

/// Build the road network: how large it is, what was mended, what looks wrong.
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line are given or not")]
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The district file
    pub district: PathBuf,
    /// Exit status 1 where there are gaps or islands
    #[arg(long)]
    pub check: bool,
    /// Propose gates where truck roads cross the outline, as CSV for `import --as gate --crs wgs84`;
    /// with --json as GeoJSON
    #[arg(long)]
    pub gates: bool,
    /// Propose sites that may send trucks, in the same way
    #[arg(long)]
    pub generators: bool,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let world = &as_of::load(&args.district, context.as_of)?.0;
    let lang = context.lang;
    let known = read_cache(&args.district, cache::ENDING, || cache::key(world));
    let network = cache::network(world, known.as_deref());
    let mut out = std::io::stdout().lock();
    if args.gates || args.generators {
        let mut proposals = if args.gates { gates(world, &network) } else { Vec::new() };
        if args.generators {
            proposals.extend(generators(world, &network));
        }
        write_gates(&mut out, &proposals, args.json)?;
        return Ok(Done::Well);
    }
    if args.json {
        writeln!(out, "{}", json_of(&network, world))?;
    } else {
        let count = |kind| network.defects.iter().filter(|defect| defect.kind == kind).count();
        let (nodes, edges, bans) =
            (network.nodes.len(), network.edges.len(), network.turn_restriction_count());
        let length_m: f64 = network.edges.iter().map(|edge| f64::from(edge.length_m)).sum();
        let km = length_m / 1000.0;
        let [gaps, islands, dead_ends] =
            [DefectKind::Gap, DefectKind::Island, DefectKind::DeadEnd].map(count);
        let said = LocalizedText::new(
            format!(
                "节点 {nodes}，路段 {edges}，{km:.1} km；接上断口 {gaps}，孤立路网 {islands}，断头路 {dead_ends}，禁止转向 {bans}"
            ),
            format!(
                "{nodes} nodes, {edges} edges, {km:.1} km; {gaps} gaps closed, {islands} islands, {dead_ends} dead ends, {bans} turns banned"
            ),
        );
        writeln!(out, "{}", said.say(lang))?;
        for defect in network.defects.iter().filter(|defect| defect.kind != DefectKind::DeadEnd) {
            let name = world.get(defect.road).map(|road| road.name().to_owned());
            writeln!(
                out,
                "{}\t{}\t{:.6},{:.6}\t{:.1} m",
                key(defect.kind),
                name.unwrap_or_default(),
                defect.at.x,
                defect.at.y,
                defect.length_m
            )?;
        }
        for UnreadRule { words, roads } in unread(&network) {
            let count = roads.len();
            let said = LocalizedText::new(
                format!("读不懂\t{words}\t{count} 条道路"),
                format!("unread\t{words}\t{count} roads"),
            );
            writeln!(out, "{}", said.say(lang))?;
        }
    }
    let is_wrong = network.defects.iter().any(|defect| defect.kind != DefectKind::DeadEnd);
    Ok(if args.check && is_wrong { Done::WithFindings } else { Done::Well })
}

fn write_gates(
    out: &mut impl std::io::Write,
    proposals: &[GateProposal],
    is_json: bool,
) -> anyhow::Result<()> {
    if is_json {
        let feature = |gate: &GateProposal| {
            json!({
                "type": "Feature",
                "geometry": { "type": "Point", "coordinates": [gate.at.x, gate.at.y] },
                "properties": { "code": gate.code, "name": gate.name, "role": gate.role().key() },
            })
        };
        let features: Vec<_> = proposals.iter().map(feature).collect();
        writeln!(out, "{}", json!({ "type": "FeatureCollection", "features": features }))?;
        return Ok(());
    }
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["code", "name", "role", "lon", "lat"])?;
    for gate in proposals {
        let [lon, lat] = [gate.at.x, gate.at.y].map(|degrees| format!("{degrees:.7}"));
        csv.write_record([&gate.code, &gate.name, gate.role().key(), &lon, &lat])?;
    }
    csv.flush()?;
    Ok(())
}

fn json_of(network: &Network, world: &World) -> serde_json::Value {
    let defect = |defect: &Defect| {
        let road = world.get(defect.road);
        json!({
            "kind": key(defect.kind),
            "road": road.and_then(|road| road.code().map(str::to_owned)),
            "name": road.map(|road| road.name().to_owned()),
            "lon": defect.at.x,
            "lat": defect.at.y,
            "length_m": defect.length_m,
        })
    };
    json!({
        "nodes": network.nodes.len(),
        "edges": network.edges.len(),
        "length_m": network.edges.iter().map(|edge| f64::from(edge.length_m)).sum::<f64>(),
        "turn_bans": network.turn_restriction_count(),
        "unread": unread(network).iter().map(|rule| json!({
            "rule": rule.words,
            "roads": rule.roads.len(),
        })).collect::<Vec<_>>(),
        "repairs": network.defects.iter().map(defect).collect::<Vec<_>>(),
    })
}

const fn key(kind: DefectKind) -> &'static str {
    match kind {
        DefectKind::Gap => "gap",
        DefectKind::DeadEnd => "dead_end",
        DefectKind::Island => "island",
    }
}
