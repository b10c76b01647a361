//! What a person can invoke: its words, icon and shortcut. Menus, buttons, tooltips and the key
//! sheet all come from this table.

use egui::{Key, KeyboardShortcut, Modifiers};
use lucide_icons::Icon;

use crate::domain::Text;

/// One row of the table.
pub struct About {
    pub words: Text,
    pub icon: Icon,
    pub key: Option<KeyboardShortcut>,
}

macro_rules! commands {
    ($($name:ident: $zh:literal, $en:literal, $icon:ident, $key:expr;)*) => {
        /// What a person can invoke.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Command { $($name,)* }

        impl Command {
            /// In the order of the key sheet.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its row of the table.
            pub const fn about(self) -> About {
                match self {
                    $(Self::$name => About { words: Text::new($zh, $en), icon: Icon::$icon, key: $key },)*
                }
            }
        }
    };
}

#[expect(clippy::unnecessary_wraps, reason = "the column of a table in which some have no key")]
const fn ctrl(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::COMMAND, key))
}

#[expect(clippy::unnecessary_wraps, reason = "the column of a table in which some have no key")]
const fn ctrl_shift(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key))
}

#[expect(clippy::unnecessary_wraps, reason = "the column of a table in which some have no key")]
const fn alone(key: Key) -> Option<KeyboardShortcut> {
    Some(KeyboardShortcut::new(Modifiers::NONE, key))
}

commands! {
    Open: "打开区域文件", "Open a district", FolderOpen, ctrl(Key::O);
    New: "新建区域文件", "New district", FilePlus, None;
    Sample: "打开示例区域", "Open the sample", MapPinned, None;
    Import: "导入数据", "Import data", Import, ctrl(Key::I);
    Export: "导出", "Export", FileDown, ctrl(Key::E);
    Print: "打印地图", "Print the map", Printer, ctrl(Key::P);
    Brief: "生成周报、纪要", "Brief or minutes", FileText, None;
    Backup: "立即备份", "Back up now", DatabaseBackup, None;
    Undo: "撤销", "Undo", Undo2, ctrl(Key::Z);
    Redo: "重做", "Redo", Redo2, ctrl(Key::Y);
    History: "历史记录", "History", History, ctrl(Key::H);
    Search: "搜索", "Search", Search, ctrl(Key::F);
    Planner: "方案", "Plans", Route, alone(Key::G);
    Meeting: "会商", "Meeting", Presentation, alone(Key::M);
    Overview: "总览", "Overview", ChartColumn, alone(Key::Num0);
    StartDecision: "所选决定 办理中", "Selected decisions: under way", CircleDot, ctrl_shift(Key::Enter);
    CloseDecision: "所选决定 完成", "Selected decisions: done", CircleCheck, ctrl(Key::Enter);
    DropDecision: "所选决定 撤销", "Selected decisions: drop", CircleX, ctrl_shift(Key::X);
    NewPlan: "复制为新方案", "Duplicate the plan", CopyPlus, ctrl(Key::D);
    Earlier: "早半小时", "Half an hour earlier", ChevronLeft, alone(Key::Comma);
    Later: "晚半小时", "Half an hour later", ChevronRight, alone(Key::Period);
    Decide: "记一条决定", "Take a decision", Gavel, ctrl(Key::J);
    Bookmark: "收藏当前视图", "Bookmark this view", BookmarkPlus, ctrl(Key::B);
    Select: "选择", "Select", MousePointer2, alone(Key::V);
    DrawNoEntry: "画禁行线", "Draw a no-entry line", Ban, alone(Key::Num1);
    DrawOneWay: "画单行线", "Draw a one-way line", MoveRight, alone(Key::Num2);
    DrawLimited: "画限行线", "Draw a limited line", TriangleAlert, alone(Key::Num3);
    DrawDetour: "画绕行线", "Draw a detour", Milestone, alone(Key::Num4);
    RingBlocks: "圈内街区限行", "Limit the blocks in a ring", Hexagon, alone(Key::Num9);
    DrawPoint: "画点", "Draw a point", MapPin, alone(Key::Num5);
    DrawLine: "画线", "Draw a line", Spline, alone(Key::Num7);
    DrawArea: "画面", "Draw an area", Pentagon, alone(Key::Num8);
    Measure: "测量", "Measure", Ruler, alone(Key::Num6);
    Pen: "画笔", "Pen", PenLine, alone(Key::P);
    EditShape: "编辑形状", "Edit the shape", VectorSquare, alone(Key::E);
    Snap: "捕捉开关", "Snapping on or off", Magnet, alone(Key::S);
    Delete: "删除所选", "Delete the selection", Trash2, alone(Key::Delete);
    ZoomIn: "放大", "Zoom in", Plus, alone(Key::Plus);
    ZoomOut: "缩小", "Zoom out", Minus, alone(Key::Minus);
    Home: "全区", "Whole district", House, alone(Key::Home);
    ViewBack: "上一视图", "Previous view", ArrowLeft, Some(KeyboardShortcut::new(Modifiers::ALT, Key::ArrowLeft));
    ViewForward: "下一视图", "Next view", ArrowRight, Some(KeyboardShortcut::new(Modifiers::ALT, Key::ArrowRight));
    ZoomToSelection: "缩放到所选", "Zoom to the selection", Crosshair, alone(Key::Z);
    CopyPlace: "复制坐标", "Copy the coordinates", Copy, ctrl_shift(Key::C);
    ClearFilter: "清除筛选", "Clear the filter", FilterX, None;
    OnScreen: "只列屏幕内", "Only what is on screen", Scan, alone(Key::O);
    Left: "图层面板", "Layers panel", PanelLeft, alone(Key::F8);
    Right: "卡片面板", "Card panel", PanelRight, alone(Key::F9);
    Bottom: "表格", "Table", PanelBottom, alone(Key::F10);
    Big: "大屏", "Big screen", Maximize, alone(Key::F11);
    Layers: "图层", "Layers", Layers, alone(Key::L);
    Theme: "切换明暗", "Light or dark", SunMoon, ctrl_shift(Key::D);
    Language: "English", "中文", Languages, ctrl_shift(Key::L);
    Settings: "设置", "Settings", Settings, ctrl(Key::Comma);
    Keys: "快捷键", "Keys", Keyboard, alone(Key::F1);
    NextRow: "下一条", "Next record", ChevronDown, alone(Key::J);
    PreviousRow: "上一条", "Previous record", ChevronUp, alone(Key::K);
    Drafts: "恢复草图", "Recover a draft", PencilLine, None;
    Quit: "退出", "Quit", LogOut, ctrl(Key::Q);
    CloseDraft: "放弃草图", "Discard the draft", X, None;
}

impl Command {
    /// A single letter or figure: dead while somebody types.
    pub fn is_single_key(self) -> bool {
        self.about().key.is_some_and(|key| {
            key.modifiers.is_none()
                && !matches!(key.logical_key, Key::F1 | Key::F8 | Key::F9 | Key::F10 | Key::F11)
        })
    }
}

/// `Ctrl+Shift+Z` as Chinese keyboards print it.
pub fn key_text(key: KeyboardShortcut) -> String {
    let mut text = String::new();
    let Modifiers { alt, ctrl, shift, command, .. } = key.modifiers;
    for (is_held, name) in [(ctrl || command, "Ctrl+"), (shift, "Shift+"), (alt, "Alt+")] {
        if is_held {
            text.push_str(name);
        }
    }
    text.push_str(match key.logical_key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::Plus => "+",
        Key::Minus => "-",
        Key::Comma => ",",
        Key::Period => ".",
        other => other.name(),
    });
    text
}
