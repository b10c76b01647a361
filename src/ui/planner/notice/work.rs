//! What the jobs of the page make: the notice, its map, and the files.

use std::path::Path;
use std::sync::Arc;

use egui::{ColorImage, TextureOptions};

use crate::domain::{EditKind, LocalizedText, Seal, Text};
use crate::exchange::formats;
use crate::exchange::write::replace;
use crate::files::write_whole;
use crate::geodesy::crs::Crs;
use crate::jobs::{Derived, Reply};
use crate::map::live::layout_picture;
use crate::report::notice::{
    NoticeRequest, blocks, layer, map, map_layout, notice, notice_on, schedule,
};
use crate::report::{docx, plain};
use crate::ui::action::{Action, Actions};
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation;
use crate::ui::model::notice::{Drafted, Mapped, NoticeOf, OF_MAP, OF_TEXT};
use crate::ui::model::{Model, Toast};

/// Of the map on the screen: half a page wide.
const SCREEN_DPI: u32 = 84;

/// The notice of the chosen plan.
pub struct MakeNotice;

/// Its map, for the screen.
pub struct MakeNoticeMap;

impl Derivation for MakeNotice {
    type Key = NoticeOf;
    type Value = Option<Arc<Drafted>>;

    const IS_FOLLOWED: bool = false;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.notice
    }

    fn key(model: &Model) -> Option<NoticeOf> {
        model.notice_of(&OF_TEXT)
    }

    /// The network that is there already goes along where it is of these roads.
    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let network = model.planner.network_of(&reply.key.tables.world).cloned();
        let work = move |_: &_| {
            let NoticeOf { tables, plan, on } = &reply.key;
            let (world, asked) = (&*tables.world, NoticeRequest::of(plan, *on));
            let notice = match network {
                Some(on) => notice_on(world, &asked, &on.network, &on.finder()),
                None => notice(world, &asked),
            };
            let rows = notice.as_ref().map(|notice| schedule(&notice.entries).rows);
            let rows = rows.unwrap_or_default();
            let of = reply.key.clone();
            reply.send(Some(Arc::new(Drafted { of, notice, rows })));
            Action::Nothing
        };
        Action::Work("notice", Box::new(work))
    }
}

impl Derivation for MakeNoticeMap {
    type Key = NoticeOf;
    type Value = Option<Arc<Mapped>>;

    const IS_FOLLOWED: bool = false;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.planner.notice_map
    }

    fn key(model: &Model) -> Option<NoticeOf> {
        model.notice_of(&OF_MAP)
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, actions: &Actions) -> Action {
        let context = actions.context().clone();
        let work = move |_: &_| {
            let of = reply.key.clone();
            let layout = map_layout(&of.tables.world, &of.plan, of.on, SCREEN_DPI);
            // Why a map cannot be drawn is said when it is exported.
            let pixels = layout.ok().flatten().and_then(|layout| layout_picture(&layout).ok());
            let picture = pixels.map(|(rgba, width, height)| {
                let size = [width as usize, height as usize];
                let image = ColorImage::from_rgba_premultiplied(size, &rgba);
                context.load_texture("notice map", image, TextureOptions::LINEAR)
            });
            reply.send(Some(Arc::new(Mapped { of, picture })));
            Action::Nothing
        };
        Action::Work("notice map", Box::new(work))
    }
}

/// What is written beside the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    Word,
    Plain,
    /// The schedule of signs and cameras.
    Schedule(&'static str),
}

impl Paper {
    const fn ending(self) -> &'static str {
        match self {
            Self::Word => "docx",
            Self::Plain => "txt",
            Self::Schedule(ending) => ending,
        }
    }
}

/// Asks where, then writes.
pub fn export(ctx: &Ctx<'_>, drafted: Arc<Drafted>, paper: Paper) {
    let actions = ctx.actions.clone();
    let what = match paper {
        Paper::Schedule(_) => ctx.tell("标志与摄像头设置一览", "signs and cameras"),
        _ => ctx.tell("公告", "notice"),
    };
    let name = format!("{} {what}.{}", drafted.of.plan, paper.ending());
    let outgoing = ctx.outgoing();
    ctx.actions.work("export", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, &what) else {
            return Action::Nothing;
        };
        let file = target.display();
        match write(&target, &drafted, paper, outgoing.seal) {
            Ok(()) => {
                let said = Toast::wrote(Text::new("已导出", "written"), target.clone());
                let asked = [format!("notice {}", drafted.of.plan)];
                let went_out = outgoing.written(EditKind::Paper, &target, &asked);
                Action::All(vec![Action::Say(said), went_out])
            }
            Err(LocalizedText { zh, en }) => Action::Say(Toast::act(
                format!("导出失败，原文件未动：{file}（{zh}）"),
                format!("not written, the old file is as it was: {file}: {en}"),
            )),
        }
    });
}

fn write(
    target: &Path,
    drafted: &Drafted,
    paper: Paper,
    seal: Option<Seal>,
) -> Result<(), LocalizedText> {
    let Ok(notice) = &drafted.notice else { return Ok(()) };
    let notice = &notice.sealed(seal);
    match paper {
        Paper::Word => {
            let of = &drafted.of;
            let picture = map(&of.tables.world, &of.plan, notice.date)?;
            let bytes = docx::bytes(&blocks(notice, picture), notice.date)?;
            write_whole(target, &bytes)?;
        }
        Paper::Plain => {
            let text = plain::text(&blocks(notice, None));
            write_whole(target, text.as_bytes())?;
        }
        Paper::Schedule(_) => {
            let format = formats::by_name(target)?;
            let rows = layer(&notice.entries, &Crs::Wgs84);
            replace(target, format, vec![rows])?;
        }
    }
    Ok(())
}
