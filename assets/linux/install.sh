#!/bin/sh
# Puts the program, its icon and its entry in the menu where this user's own programs lie.
set -eu
cd "$(dirname "$0")"
data="${XDG_DATA_HOME:-$HOME/.local/share}"
mkdir -p "$HOME/.local/bin" "$data/applications" "$data/icons/hicolor/256x256/apps"
cp shapan "$HOME/.local/bin/shapan"
cp shapan.png "$data/icons/hicolor/256x256/apps/shapan.png"
sed "s|^Exec=shapan|Exec=\"$HOME/.local/bin/shapan\"|" shapan.desktop >"$data/applications/shapan.desktop"
echo "已安装 installed: $HOME/.local/bin/shapan"
