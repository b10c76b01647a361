//! `shapan network`: the road network of a district, and what is wrong with it.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::json;

use super::Done;
use crate::domain::World;
use crate::network::{Network, Repair, RepairKind, build};

/// Build the road network: how large it is, what was mended, what looks wrong.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The district file
    pub district: PathBuf,
    /// Exit status 1 where there are gaps or islands
    #[arg(long)]
    pub check: bool,
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &Args, world: &World) -> anyhow::Result<Done> {
    let network = build(world);
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", json_of(&network, world))?;
    } else {
        let count = |kind| network.repairs.iter().filter(|repair| repair.kind == kind).count();
        writeln!(
            out,
            "{} nodes, {} edges, {:.1} km; {} gaps closed, {} islands, {} dead ends",
            network.nodes.len(),
            network.edges.len(),
            network.edges.iter().map(|edge| f64::from(edge.length_m)).sum::<f64>() / 1000.0,
            count(RepairKind::Gap),
            count(RepairKind::Island),
            count(RepairKind::DeadEnd),
        )?;
        for repair in network.repairs.iter().filter(|repair| repair.kind != RepairKind::DeadEnd) {
            let name = world.get(repair.road).map(|road| road.name().to_owned());
            writeln!(
                out,
                "{}\t{}\t{:.6},{:.6}\t{:.1} m",
                key(repair.kind),
                name.unwrap_or_default(),
                repair.at.x,
                repair.at.y,
                repair.length_m
            )?;
        }
    }
    let is_wrong = network.repairs.iter().any(|repair| repair.kind != RepairKind::DeadEnd);
    Ok(if args.check && is_wrong { Done::WithFindings } else { Done::Well })
}

fn json_of(network: &Network, world: &World) -> serde_json::Value {
    let repair = |repair: &Repair| {
        let road = world.get(repair.road);
        json!({
            "kind": key(repair.kind),
            "road": road.and_then(|road| road.code().map(str::to_owned)),
            "name": road.map(|road| road.name().to_owned()),
            "lon": repair.at.x,
            "lat": repair.at.y,
            "length_m": repair.length_m,
        })
    };
    json!({
        "nodes": network.nodes.len(),
        "edges": network.edges.len(),
        "length_m": network.edges.iter().map(|edge| f64::from(edge.length_m)).sum::<f64>(),
        "repairs": network.repairs.iter().map(repair).collect::<Vec<_>>(),
    })
}

const fn key(kind: RepairKind) -> &'static str {
    match kind {
        RepairKind::Gap => "gap",
        RepairKind::DeadEnd => "dead_end",
        RepairKind::Island => "island",
    }
}
