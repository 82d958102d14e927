#!/bin/sh
# The first minute of the window for a machine without a display: XOR with activations off and on, pictures of the
# window, and the trained weights, all under out/. Called by `make run`, in the project's folder.
set -eu
export QT_QPA_PLATFORM=offscreen
program=.venv/bin/backprop-playground

echo "No display found (neither DISPLAY nor WAYLAND_DISPLAY is set): the same tour without a window, into out/."
mkdir -p out

echo
echo "1. XOR with activations off. A stack of linear layers is one linear map, and no line separates XOR:"
$program train xor --activations off --save out/xor-linear.json

echo
echo "2. XOR with activations on. tanh bends the line:"
$program train xor --save out/xor.json --export out/xor.npz --export out/xor.safetensors --export out/xor.onnx

echo
echo "3. The window, before and after:"
$program screenshot out/xor-linear.json out/window-activations-off.png
$program screenshot out/xor.json out/window-light.png --theme light
$program screenshot out/xor.json out/window-dark.png --theme dark
ls out/window-activations-off.png out/window-light.png out/window-dark.png

echo
echo "Made: out/xor.npz, out/xor.safetensors and out/xor.onnx hold the trained weights,"
echo "      out/xor.json and out/xor-linear.json the two projects, out/window-*.png the pictures."
echo "On a desktop \`make run\` opens the window."
