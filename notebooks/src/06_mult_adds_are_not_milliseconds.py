# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 6. Mult-adds are not milliseconds
#
# After this lesson you can
#
# - measure time so that two runs can be compared, and say what a measurement does not tell;
# - work out the arithmetic intensity of a layer, and read a roofline;
# - explain why depthwise layers are 3 % of the mult-adds and much more of the time, and what makes NumPy faster.
#
# About 25 minutes. You need: what depthwise and pointwise convolutions cost (lesson 2). Close other programs: they take time too.
#
# **The counts in this lesson are the same everywhere. The times are not:** yours will differ from your neighbour's, and from those saved in this page.

# %% [markdown] lang="ko" of="ffaca15d"
# # 6. 곱셈-덧셈은 밀리초가 아니다
#
# 이 수업을 마치면
#
# - 두 실행을 견줄 수 있게 시간을 재고, 잰 값이 무엇을 말해 주지 않는지 설명할 수 있습니다.
# - 한 층의 산술 강도(arithmetic intensity)를 계산하고 루프라인(roofline) 그림을 읽을 수 있습니다.
# - 깊이별 합성곱(depthwise convolution)이 곱셈-덧셈(mult-add)의 3 %인데 시간은 훨씬 더 많이 쓰는 까닭과, 무엇이 NumPy를 빠르게 하는지 설명할 수 있습니다.
#
# 약 25분. 깊이별 합성곱과 점별 합성곱(pointwise convolution)의 비용을 알고 있으면 됩니다(2강). 다른 프로그램은 닫아 두세요. 그쪽도 시간을 가져갑니다.
#
# **이 수업에서 센 수는 어디서나 같습니다. 잰 시간은 그렇지 않습니다.** 옆 사람의 시간과도, 이 페이지에 저장된 시간과도 다를 것입니다.

# %%
try:
    import npmobile as nm
except ImportError as error:
    raise ImportError(
        "install npmobile first: pip install . in its folder, or pip install its wheel, npmobile-*.whl"
    ) from error
import inspect
from fractions import Fraction

import numpy as np

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## How to measure
#
# One run proves little: the machine may be busy with something else. So we call the candidates in turn, round after round, and throw the first round away. Here is all of it:

# %% [markdown] lang="ko" of="faa3fbe2"
# ## 어떻게 잴 것인가
#
# 한 번 재서는 알 수 있는 것이 별로 없습니다. 마침 컴퓨터가 다른 일로 바빴을 수도 있습니다. 그래서 비교할 것들을 번갈아 부르기를 여러 바퀴 되풀이하고, 첫 바퀴는 버립니다. 코드는 이것이 전부입니다.


# %%
def body(function):
    source = inspect.getsource(function)
    return source[source.rindex('"""') + 4 :]  # what stands behind the docstring


print(body(nm.fast.timing.interleaved))

# %% [markdown] lang="en"
# Of the rounds we take the median, the one in the middle: a single pause does not move it. Why is the first round thrown away? In it memory is fetched and caches are filled.

# %% [markdown] lang="ko" of="bb4d1880"
# 여러 바퀴 가운데 중앙값(median), 곧 한가운데 값을 씁니다. 한 번쯤 멈칫해도 중앙값은 움직이지 않습니다. 첫 바퀴는 왜 버릴까요? 그때는 메모리를 새로 얻고 캐시(cache)를 채우기 때문입니다.


# %%
def milliseconds(functions, rounds=20):
    times = nm.fast.timing.interleaved(functions, rounds)
    return {name: 1e3 * float(np.median(seconds)) for name, seconds in times.items()}


# %% [markdown] lang="en"
# ## One layer
#
# The layer of the paper's Table 3, thin and small as in its last row: $D_K = 3$, $M = N = 384$, $D_F = 10$. The two halves make 15.1 million mult-adds there. The full convolution makes more:
#
# $$\frac{\text{standard}}{\text{separable}} = \frac{1}{\frac{1}{N} + \frac{1}{D_K^2}}$$
#
# That is about 9. **Predict first:** how many times faster will the two halves be?

# %% [markdown] lang="ko" of="261a47df"
# ## 한 층
#
# 논문 표 3의 층을 그 마지막 행처럼 얇고 작게 만든 것입니다. $D_K = 3$, $M = N = 384$, $D_F = 10$. 표에서 두 절반은 곱셈-덧셈이 1510만 번입니다. 나누지 않은 합성곱은 다음 배수만큼 더 많습니다.
#
# $$\frac{\text{표준}}{\text{분리형}} = \frac{1}{\frac{1}{N} + \frac{1}{D_K^2}}$$
#
# 약 9배입니다. **먼저 예상해 보세요.** 나눈 두 절반은 몇 배나 빠를까요?

# %%
rng = np.random.default_rng(0)
shapes = (1, 10, 10, 384), (3, 3, 384, 384), (3, 3, 384), (384, 384)
x, *kernels = (rng.normal(size=shape).astype(np.float32) for shape in shapes)
runs = {
    "standard": lambda: nm.conv.standard_conv(x, kernels[0])[1],
    "depthwise": lambda: nm.conv.depthwise_conv(x, kernels[1])[1],
    "pointwise": lambda: nm.conv.pointwise_conv(x, kernels[2])[1],
}
counts = {name: run() for name, run in runs.items()}

# %%
counted = Fraction(counts["standard"], counts["depthwise"] + counts["pointwise"])
assert 1 / counted == nm.cost.separable_ratio(D_K=3, N=384), "did all three run on the same x?"
ms = milliseconds(runs)
measured = ms["standard"] / (ms["depthwise"] + ms["pointwise"])
print(f"{float(counted):.1f} times fewer mult-adds, counted; {measured:.1f} times faster, measured")

# %% [markdown] lang="en"
# Run the cell again: the counted ratio stands still, the measured one moves. On most machines it stays below the counted one, although the channels are many, which suits splitting. Where does the rest go?

# %% [markdown] lang="ko" of="31480588"
# 셀을 다시 실행해 보세요. 센 비는 그대로이고 잰 비는 움직입니다. 채널(channel)이 많아 나누기에 좋은 층인데도, 대부분의 컴퓨터에서 잰 비는 센 비에 못 미칩니다. 나머지는 어디로 갈까요?

# %%
for name, count in counts.items():
    print(f"{name:10}{count:12,} mult-adds {ms[name]:8.2f} ms {count / ms[name] / 1e6:8.1f} billion a second")

# %% [markdown] lang="en"
# Look at the last column. The standard and the pointwise convolution are matrix products, and NumPy hands those to BLAS, a library that knows the machine and may use all of its cores. The depthwise one is no
# matrix product. Most machines make far fewer mult-adds a second there, so a small count takes a large share of the time. A mult-add is a unit of work. It is not a unit of time.

# %% [markdown] lang="ko" of="75de95d3"
# 마지막 열을 보세요. 표준 합성곱(standard convolution)과 점별 합성곱은 행렬 곱이고, NumPy는 행렬 곱을 BLAS에 맡깁니다. BLAS는 기계를 잘 아는 라이브러리이고, 코어를 모두 쓰기도 합니다. 깊이별 합성곱은 행렬 곱이 아닙니다.
# 대부분의 컴퓨터는 여기서 초당 곱셈-덧셈이 훨씬 적습니다. 그래서 횟수는 적은데 시간은 많이 차지합니다. 곱셈-덧셈은 일의 단위이지 시간의 단위가 아닙니다.

# %% [markdown] lang="en"
# ## Bytes must move before numbers meet
#
# Every number has to be brought from memory, and every result taken back. How much is that, if each number travels only once?

# %% [markdown] lang="ko" of="7e307919"
# ## 수를 곱하려면 먼저 날라 와야 한다
#
# 수는 모두 메모리에서 가져와야 하고, 결과는 다시 갖다 놓아야 합니다. 수마다 한 번씩만 옮긴다면 모두 얼마나 될까요?

# %%
print(body(nm.fast.timing.bytes_moved))

# %% [markdown] lang="en"
# Input, kernel, output; four bytes for each number in float32. Mult-adds over bytes is the **arithmetic intensity**: how much work each byte brings along. For a depthwise layer with stride 1:
#
# $$\frac{D_K^2 M D_F^2}{4\,(M D_F^2 + D_K^2 M + M D_F^2)} < \frac{D_K^2}{8}$$
#
# **By hand:** what is the bound for $D_K = 3$? Can more channels or a larger picture lift it? Now drop the kernel's $D_K^2$ and let a pointwise layer with $M = N$ move its $2 M D_F^2$ numbers too: what is *its* bound, and does it grow with $M$?

# %% [markdown] lang="ko" of="c7f71a7d"
# 입력, 커널, 출력이고 float32는 수 하나에 4바이트입니다. 곱셈-덧셈을 바이트로 나눈 것이 **산술 강도**입니다. 한 바이트가 일을 얼마나 데려오는지를 말합니다. 보폭(stride)이 1인 깊이별 층이라면 다음과 같습니다.
#
# $$\frac{D_K^2 M D_F^2}{4\,(M D_F^2 + D_K^2 M + M D_F^2)} < \frac{D_K^2}{8}$$
#
# **손으로:** $D_K = 3$이면 상한은 얼마인가요? 채널을 늘리거나 그림을 키우면 올라가나요? 이번에는 $M = N$인 점별 층을 봅시다. 커널은 빼고, 입력과 출력의 수 $2 M D_F^2$개만 옮긴다고 합시다. *이쪽* 상한은 얼마이고, $M$과 함께 커지나요?

# %%
block = [layer for layer in nm.mobilenet() if layer.name in ("conv_dw_7", "conv_pw_7")]
for layer in block:
    count, moved = nm.cost.mult_adds(layer), nm.fast.timing.bytes_moved(layer)
    print(f"{layer.name}: {count:10,} mult-adds / {moved:9,} bytes = {count / moved:5.2f} mult-adds for each byte")

# %% [markdown] lang="en"
# Depthwise can never reach $9/8$: its $M$ and $D_F$ cancel. Pointwise has the bound $M/8$, which is 64 here, and the kernel brings it down to 27.75. Each number that it fetched is used 512 times; the depthwise
# one uses it 9 times. Now all layers at full size, counted only:

# %% [markdown] lang="ko" of="276f581c"
# 깊이별은 $9/8$에 결코 닿지 못합니다. $M$과 $D_F$가 약분되기 때문입니다. 점별의 상한은 $M/8$, 여기서는 64이고, 커널까지 옮기느라 27.75로 내려옵니다. 점별은 가져온 수 하나를 512번 쓰고, 깊이별은
# 9번 씁니다. 이제 제 크기의 네트워크 전체를 봅시다. 재지 않고 세기만 합니다.

# %%
layers = nm.mobilenet()[:-2]  # without pool and classifier: the convolutions
for kind in ("standard", "depthwise", "pointwise"):
    work, moved = (
        Fraction(sum(f(layer) for layer in layers if layer.kind == kind), sum(map(f, layers)))
        for f in (nm.cost.mult_adds, nm.fast.timing.bytes_moved)
    )
    print(f"{kind:10} {float(work):6.1%} of the mult-adds, {float(moved):6.1%} of the bytes")

# %%
for layer in layers:
    intensity = Fraction(nm.cost.mult_adds(layer), nm.fast.timing.bytes_moved(layer))
    assert (intensity < Fraction(9, 8)) == (layer.kind == "depthwise"), f"{layer.name}: is D_K = 3?"

# %% [markdown] lang="en"
# Three per cent of the work, more than a third of the bytes. If nothing but bytes cost time, the depthwise layers would take more than a third of it. **Predict first:** what share will they take on your machine?

# %% [markdown] lang="ko" of="f14ff911"
# 일은 3 %인데 바이트는 3분의 1이 넘습니다. 바이트 옮기는 데만 시간이 든다면 깊이별 층이 시간의 3분의 1 넘게 쓸 것입니다. **먼저 예상해 보세요.** 여러분의 컴퓨터에서는 얼마를 쓸까요?

# %% [markdown] lang="en"
# ## Layer by layer
#
# The same network for pictures of 128 x 128, with random weights (time does not ask what the weights mean), on the kernels of `fast`. Each line is one layer with its bias and ReLU6.

# %% [markdown] lang="ko" of="3ca26442"
# ## 한 층씩
#
# 같은 네트워크를 128 x 128 그림으로 실행합니다. 가중치는 무작위이고(시간은 가중치의 뜻을 묻지 않습니다), `fast`의 커널을 씁니다. 한 줄이 한 층이며, 편향과 ReLU6까지 넣어 쟀습니다.

# %%
layers = nm.mobilenet(resolution=128)[:-2]
separable = nm.fast.timing.by_layer(layers, rounds=7)
assert all(timed.mult_adds == nm.cost.mult_adds(timed.layer) for timed in separable), "executed is not counted"
print(nm.fast.timing.as_text(separable))

# %% [markdown] lang="en"
# Compare each `conv_dw` with the `conv_pw` under it in the last column. Everywhere the counts in the second column say that the depthwise half hardly matters. Does the column of milliseconds say so?
#
# If all `conv_pw` lines take about the same time, whatever their count, then your machine is busy: the cores share each product and wait for the one that is kept away. Close something and run the cell again.

# %% [markdown] lang="ko" of="739ae5b8"
# 마지막 열에서 `conv_dw`와 바로 아래 `conv_pw`를 견주어 보세요. 둘째 열의 횟수만 보면 깊이별 절반은 어디서나 없는 것이나 다름없습니다. 밀리초 열도 그렇게 말하나요?
#
# 횟수가 다른데도 `conv_pw` 줄의 시간이 모두 비슷하다면 컴퓨터가 바쁜 것입니다. 코어들이 곱 하나를 나누어 맡고는, 다른 일에 붙들린 코어를 기다립니다. 다른 프로그램을 닫고 다시 실행해 보세요.

# %%
for kind in ("standard", "depthwise", "pointwise"):
    mine = [timed for timed in separable if timed.layer.kind == kind]
    work = sum(timed.mult_adds for timed in mine) / sum(timed.mult_adds for timed in separable)
    time = sum(timed.seconds for timed in mine) / sum(timed.seconds for timed in separable)
    print(f"{kind:10} {work:6.1%} of the mult-adds, {time:6.1%} of the time")

# %% [markdown] lang="en"
# On most machines the depthwise share of the time is several times its share of the mult-adds. The paper says (section 3.2) that MobileNet spends 95 % of its computation *time* in 1 x 1 convolutions and points to Table 2. But Table 2 counts
# mult-adds. Here you have measured what it says about time.

# %% [markdown] lang="ko" of="2893eff4"
# 대부분의 컴퓨터에서 깊이별 층의 시간 비중은 곱셈-덧셈 비중의 몇 배나 됩니다. 논문은 3.2절에서 MobileNet이 계산 *시간*의 95 %를 1 x 1 합성곱에 쓴다고 하면서 표 2를 가리킵니다. 그런데 표 2는
# 곱셈-덧셈을 센 표입니다. 시간이 실제로 어떤지는 방금 여러분이 쟀습니다.

# %% [markdown] lang="en"
# ## A roof over every layer
#
# Two things bound the speed of a layer: how fast the machine can calculate, and how fast it can bring bytes. A large matrix product measures the one, a large copy the other.
#
# $$\text{mult-adds a second} \;\le\; \min\bigl(\text{product rate},\; \text{intensity} \times \text{bytes a second}\bigr)$$

# %% [markdown] lang="ko" of="bd0ada8b"
# ## 층마다 지붕이 있다
#
# 한 층의 속도를 막는 것은 둘입니다. 기계가 얼마나 빨리 계산하는가, 그리고 바이트를 얼마나 빨리 날라 오는가. 앞의 것은 큰 행렬 곱으로, 뒤의 것은 큰 복사로 잽니다.
#
# $$\text{초당 곱셈-덧셈} \;\le\; \min\bigl(\text{행렬 곱의 속도},\; \text{산술 강도} \times \text{초당 바이트}\bigr)$$

# %%
machine = nm.fast.timing.machine(rounds=15, side=384, megabytes=32)
nm.plots.roofline(separable, machine)

# %% [markdown] lang="en"
# Left, around 1 and below, stand the depthwise layers. Their roof is the slope, and it is low there: at the slope only fewer bytes would help. Are yours at the slope? Points far *below* both roofs wait for something else, mostly for NumPy's own loops: no BLAS stands behind this sum. So there are two reasons,
# a low roof and a plain loop. Right stand the pointwise layers, most of them close under the flat roof: there arithmetic is the limit. A point *above* the slope is no mistake: a small layer finds its numbers in a cache, where the layer before has just left them, and the copy that gave the slope was made too large for most caches.

# %% [markdown] lang="ko" of="d5c2ea27"
# 왼쪽, 1 근처와 그 아래에 깊이별 층들이 있습니다. 이들의 지붕은 비탈이고, 여기서는 낮습니다. 비탈에 닿아 있다면 바이트를 줄여야만 빨라집니다. 여러분의 점은 비탈에 닿아 있나요? 두 지붕보다 한참 *아래에* 있는 점은 다른 무언가를 기다리는 것이고, 대개는 NumPy 자신의 반복문입니다. 이 합의 뒤에는 BLAS가 없습니다. 그러니까 까닭은 둘,
# 낮은 지붕과 평범한 반복문입니다. 오른쪽에는 점별 층들이 있고, 대부분 평평한 지붕 바로 아래입니다. 여기서는 계산이 한계입니다. 비탈 *위에* 놓인 점도 잘못은 아닙니다. 작은 층은 바로 앞 층이 캐시에 두고 간 수를 쓰는데, 비탈을 정한 복사는 웬만한 캐시에 들어가지 않을 만큼 크게 했기 때문입니다.

# %% [markdown] lang="en"
# ## The network and its twin
#
# Replace each pair of layers by one full convolution, and you have the network that the paper's Table 4 calls "Conv MobileNet".

# %% [markdown] lang="ko" of="9b162db7"
# ## 네트워크와 그 쌍둥이
#
# 층의 짝마다 표준 합성곱 하나로 바꾸어 끼우면, 논문 표 4의 "Conv MobileNet"이 됩니다.

# %%
for resolution in (224, 128):
    twins = [nm.mobilenet(resolution=resolution, separable=split)[:-2] for split in (True, False)]
    few, many = (sum(nm.cost.mult_adds(layer) for layer in twin) for twin in twins)
    print(f"{resolution}: {many:,} / {few:,} = {Fraction(many, few)} = {many / few:.2f} times fewer mult-adds")

# %% [markdown] lang="en"
# 8.6 times fewer, at both resolutions the same fraction: the side of the picture cancels, as in lesson 2. **Predict first:** how many times faster is the network than its twin, on the same fast kernels? And will every block gain alike?

# %% [markdown] lang="ko" of="75d57bb8"
# 8.6배 적습니다. 두 해상도에서 분수까지 똑같습니다. 2강에서처럼 그림의 변이 약분됩니다. **먼저 예상해 보세요.** 똑같이 빠른 커널을 쓸 때, 이 네트워크는 쌍둥이보다 몇 배 빠를까요? 모든 블록이 똑같이 이득을 볼까요?

# %%
full = nm.fast.timing.by_layer(twins[1], rounds=7)
ratios = nm.fast.timing.ratios(separable, full)
assert ratios[-1].counted == Fraction(many, few), "the two did not run the same blocks"
nm.plots.speedup(ratios)

# %% [markdown] lang="en"
# The blue bars are exact, and nearly level. The orange ones are your machine's. On most machines the first blocks gain least: their pictures are large and their channels few, so the depthwise half is a larger part of the bytes and the
# pointwise half has little arithmetic to shine with. Where an orange bar is *higher* than the blue one beside it, the full convolution suffers from something of its own: nine times the columns, or a kernel too large for the cache. Wild bars mean a busy machine: run the cell again.

# %% [markdown] lang="ko" of="74e9bc61"
# 파란 막대는 정확한 수이고 높이가 거의 고릅니다. 주황 막대는 여러분의 컴퓨터가 정한 것입니다. 대부분의 컴퓨터에서 앞쪽 블록의 이득이 가장 작습니다. 그림은 크고 채널은 적어서, 옮길 바이트 가운데 깊이별 절반의 몫이 크고
# 점별 절반은 계산으로 앞설 여지가 적습니다. 주황 막대가 옆의 파란 막대보다 *높다면* 표준 합성곱 쪽에 따로 사정이 있는 것입니다. 열 행렬이 아홉 배이거나, 커널이 캐시보다 큽니다. 막대가 들쭉날쭉하면 컴퓨터가 바쁜 것이니 다시 실행해 보세요.

# %% [markdown] lang="en"
# ## What made NumPy fast
#
# `conv` was written to be read, `fast` to wait less. The arithmetic and the counts are the same. Four tricks, each beside what it replaces.
#
# ### 1. A window needs no copy
#
# `conv.im2col` writes every pixel into nine windows. But the numbers of a window are already in memory, only not side by side. A **view** is a new way of walking through the old memory.

# %% [markdown] lang="ko" of="d99db13d"
# ## 무엇이 NumPy를 빠르게 했나
#
# `conv`는 읽으라고, `fast`는 덜 기다리라고 쓴 것입니다. 계산과 센 수는 같습니다. 네 가지 요령을 하나씩, 원래 방법과 나란히 봅시다.
#
# ### 1. 창은 복사하지 않아도 된다
#
# `conv.im2col`은 픽셀마다 아홉 창에 복사합니다. 그런데 창에 들어갈 수는 이미 메모리에 있습니다. 나란히 있지 않을 뿐입니다. **뷰**(view)는 있던 메모리를 새로운 순서로 걷는 방법입니다.

# %%
x = rng.normal(size=(1, 56, 56, 128)).astype(np.float32)  # what conv_dw_3 gets
kernel = rng.normal(size=(3, 3, 128)).astype(np.float32)
columns = nm.conv.im2col(x, D_K=3)
padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))  # (1, 56, 56, 128, 3, 3)
assert columns.nbytes == 9 * x.nbytes and np.shares_memory(windows, padded), "a view owns nothing"
print(f"columns: {columns.nbytes:,} new bytes; padded picture: {padded.nbytes:,}; its windows: 0")


# %%
def with_views(x, kernel):
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return np.einsum("bklmij,ijm->bklm", windows, kernel)


y, count = nm.conv.depthwise_conv(x, kernel)
assert np.allclose(with_views(x, kernel), y, atol=1e-4), "the same windows, the same sums"

# %% [markdown] lang="en"
# ### 2. Rows join channels
#
# The inner loop of a sum should be long, for starting it costs as much as several mult-adds. Over the channels alone it is 128 numbers here and 32 in the first block. But a row of pixels with its channels is one run in memory. If the kernel is repeated along the row, width and channels become one axis. Where a window reaches over the side of the picture it finds the row before or after, so the repeated kernel is zero there. (With stride 2 the windows step over columns, so these are first dealt out to two hands, like cards. Here the stride is 1, and there is one hand.)

# %% [markdown] lang="ko" of="ddd84b3c"
# ### 2. 행을 채널에 이어 붙인다
#
# 합을 구하는 가장 안쪽 반복문은 길수록 좋습니다. 시작하는 데에만 곱셈-덧셈 여러 번만큼의 시간이 들기 때문입니다. 채널만 따라가면 여기서는 128개, 첫 블록에서는 32개입니다. 그런데 픽셀 한 행은 채널까지 포함해 메모리에 한 줄로 이어져 있습니다. 커널을 행을 따라 되풀이해 놓으면 가로와 채널이 한 축이 됩니다. 창이 그림 옆으로 나가면 앞 행이나 뒷 행의 수를 만나므로, 되풀이한 커널은 그 자리에서 0입니다. (보폭이 2이면 창이 열을 건너뛰므로, 열을 카드처럼 두 손(hand)에 나누어 돌립니다. 여기서는 보폭이 1이라 손이 하나입니다.)

# %%
print(body(nm.fast.kernels.repeat))

# %%
fast_y, fast_count = nm.fast.depthwise_conv(x, kernel)
assert fast_count == count == nm.cost.depthwise(D_K=3, M=128, D_G=56), "faster, not fewer"
assert np.allclose(fast_y, y, atol=1e-4), "is the kernel repeated along the row?"
ways = {
    "columns copied": lambda: nm.conv.depthwise_conv(x, kernel),
    "windows as views": lambda: with_views(x, kernel),
    "rows joined too": lambda: nm.fast.depthwise_conv(x, kernel),
}
print(*(f"{name:18}{time:8.2f} ms" for name, time in milliseconds(ways).items()), sep="\n")

# %% [markdown] lang="en"
# Three ways, 3,612,672 mult-adds each. On most machines the first is the slowest: it moves nine pictures more. What the second trick adds depends on the machine and on the number of channels (exercise 4).

# %% [markdown] lang="ko" of="ca7027a0"
# 세 방법 모두 곱셈-덧셈은 3,612,672번입니다. 대부분의 컴퓨터에서 첫째가 가장 느립니다. 그림 아홉 장 분량을 더 옮기기 때문입니다. 둘째 요령이 얼마나 더 보태는지는 컴퓨터와 채널 수에 달려 있습니다(연습 문제 4).

# %% [markdown] lang="en"
# ### 3. Copy long runs
#
# The first layer is a standard convolution and does need its columns, for BLAS wants a matrix. But each row of a window, $D_K$ pixels with all channels, is one run of $D_K \cdot M$ numbers in memory and can be copied as one.

# %% [markdown] lang="ko" of="80bda8f5"
# ### 3. 길게 이어서 복사한다
#
# 첫 층은 표준 합성곱이라 열 행렬이 꼭 있어야 합니다. BLAS는 행렬을 원하기 때문입니다. 다만 창의 한 행, 곧 픽셀 $D_K$개와 그 모든 채널은 메모리에 $D_K \cdot M$개의 수가 한 줄로 이어진 것이라 통째로 복사할 수 있습니다.

# %%
print(body(nm.fast.kernels.columns))

# %% [markdown] lang="en"
# In the first layer a run is $D_K \cdot M = 3 \cdot 3 = 9$ numbers: short, but there are only three a window where im2col's pixels are nine. **Predict first:** how much of the layer's time can that save?

# %% [markdown] lang="ko" of="dd25f475"
# 첫 층에서는 한 줄이 $D_K \cdot M = 3 \cdot 3 = 9$개로 짧지만, 창 하나에 픽셀 아홉 개 대신 줄 세 개만 복사하면 됩니다. **먼저 예상해 보세요.** 이것으로 이 층의 시간을 얼마나 줄일 수 있을까요?

# %%
photo = rng.normal(size=(1, 224, 224, 3)).astype(np.float32)
filters = rng.normal(size=(3, 3, 3, 32)).astype(np.float32)
(y, count), (fast_y, fast_count) = (module.standard_conv(photo, filters, stride=2) for module in (nm.conv, nm.fast))
assert count == fast_count and np.allclose(y, fast_y, atol=1e-4), "the same windows, copied in longer runs"
ways = {
    "conv": lambda: nm.conv.standard_conv(photo, filters, stride=2),
    "fast": lambda: nm.fast.standard_conv(photo, filters, stride=2),
}
print(*(f"{name:18}{time:8.2f} ms" for name, time in milliseconds(ways).items()), sep="\n")

# %% [markdown] lang="en"
# Did it pay on your machine? Behind the copy both lines make the same mult-adds. What can gain is the copy, and that `fast` makes its columns in bands of rows, which are still in the cache when the product reads them. A trick that is measured and wins little is worth knowing too.
#
# ### 4. Write where you just read
#
# Bias and ReLU6 make no mult-adds by our convention, so they are free. Are they? `y + bias` makes a new array, and the operating system hands out new memory page by page. In place there is nothing to hand out:

# %% [markdown] lang="ko" of="bbe5ab91"
# 여러분의 컴퓨터에서는 이득이 있었나요? 복사 뒤의 곱셈-덧셈은 두 줄이 같습니다. 아낄 수 있는 것은 복사, 그리고 `fast`가 열을 몇 행씩 띠(band)로 나누어 만든다는 점입니다. 그러면 행렬 곱이 읽을 때 열이 아직 캐시에 있습니다. 재어 보니 별로 득이 없더라는 것도 알아 둘 만한 사실입니다.
#
# ### 4. 방금 읽은 자리에 쓴다
#
# 편향과 ReLU6은 우리 규약으로는 곱셈-덧셈이 0번이니 공짜입니다. 정말 그럴까요? `y + bias`는 새 배열을 만들고, 운영체제는 새 메모리를 한 쪽(page)씩 내어 줍니다. 제자리에서 하면 내어 줄 것이 없습니다.

# %%
print(body(nm.fast.kernels.bias_relu6))

# %%
y = rng.normal(size=(1, 112, 112, 64)).astype(np.float32)  # what conv_pw_1 makes
bias = rng.uniform(size=64).astype(np.float32)
along_row, memory = np.tile(bias, (112, 1)), y.copy()
expected = nm.ops.relu6(y + bias)
nm.fast.kernels.bias_relu6(memory, along_row)
assert np.array_equal(memory, expected), "the bias must be repeated along W"
ways = {
    "new arrays": lambda: nm.ops.relu6(y + bias),
    "in place": lambda: nm.fast.kernels.bias_relu6(memory, along_row),
}
print(*(f"{name:18}{time:8.2f} ms" for name, time in milliseconds(ways).items()), sep="\n")

# %% [markdown] lang="en"
# Zero mult-adds, but not zero milliseconds. Compare the first line with the whole depthwise layer of trick 2.
#
# ## All of it
#
# `Model.predict` runs a plan: these tricks, batch norm folded, memory kept from one picture to the next. `predict` walks the table on `conv`. **Predict first:** by what factor do they differ, with the same mult-adds?

# %% [markdown] lang="ko" of="b1a8a383"
# 곱셈-덧셈은 0번이지만 0밀리초는 아닙니다. 첫 줄을 2번 요령에서 잰 깊이별 층 하나와 견주어 보세요.
#
# ## 모두 합치면
#
# `Model.predict`는 이 요령들에 더해 배치 정규화(batch normalization)를 접어 넣고 메모리를 다음 그림에 다시 쓰는 계획(plan)을 실행합니다. `predict`는 `conv`로 표를 한 줄씩 걷습니다. **먼저 예상해 보세요.** 곱셈-덧셈은 같은데, 몇 배나 차이가 날까요?

# %%
model = nm.random_model(resolution=128)
x = rng.uniform(-1, 1, (1, 128, 128, 3)).astype(np.float32)
counts = model.plan.run(x)[1], sum(step.mult_adds for step in model.forward(x))
assert counts[0] == counts[1] == sum(map(nm.cost.mult_adds, model.layers)), "faster, not fewer"
assert np.allclose(model.predict(x), nm.predict(x, model.layers, model.weights), atol=1e-5), "the same answer"

# %%
ways = {"readable": lambda: nm.predict(x, model.layers, model.weights), "fast": lambda: model.predict(x)}
ms = milliseconds(ways, rounds=7)
print(*(f"{name:18}{time:8.2f} ms" for name, time in ms.items()), sep="\n")
print(f"{counts[0]:,} mult-adds each, {ms['readable'] / ms['fast']:.1f} times faster")

# %% [markdown] lang="en"
# The same network, the same answer, the same count to the last mult-add, and another time. So when someone tells you what a network costs, ask: in mult-adds or in milliseconds? And if in milliseconds: on which machine, with which library, with which batch?

# %% [markdown] lang="ko" of="53448c6e"
# 네트워크도 같고, 답도 같고, 센 수도 마지막 한 번까지 같은데, 시간은 다릅니다. 그러니 누가 네트워크의 비용을 말하거든 이렇게 물으세요. 곱셈-덧셈인가요, 밀리초인가요? 밀리초라면 어떤 컴퓨터에서, 어떤 라이브러리로, 한 번에 그림 몇 장을 넣고 쟀나요?

# %% [markdown] lang="en"
# ## Exercises
#
# 1. By hand: the arithmetic intensity of `conv_pw_1` ($M = 32$, $N = 64$, $D_F = 112$). Why is it so much lower than that of `conv_pw_7`?
# 2. The bound $D_K^2/8$ is for stride 1. What is it at stride 2, where $D_F = 2 D_G$? And what with stride 1 and $D_K = 5$: are larger depthwise kernels better or worse for the machine?
# 3. Suppose that the depthwise half of block 7 hands each of its numbers straight to the pointwise half, so that they never go to memory. How many of the block's 2,672,640 bytes are saved?
# 4. Measure trick 2 again with `x` of 112 x 112 pixels and 32 channels, then with 14 x 14 and 512 (the kernel must fit too). Where does joining rows gain more, and why?
# 5. Discuss: a designer has two networks of equal accuracy. A has fewer mult-adds, B has fewer bytes to move. Which one for a phone, and what would you measure first?
#
# <details><summary>Answers</summary>
#
# 1. $32 \cdot 64 \cdot 112^2 = 25{,}690{,}112$ mult-adds over $4 \cdot (401{,}408 + 2{,}048 + 802{,}816) = 4{,}825{,}088$ bytes: 5.3. Each number that is fetched is used 64 times, not 512.
# 2. At stride 2 the input is four times the output: $9 / (4 \cdot 5) = 9/20$. With $D_K = 5$ and stride 1 it is $25/8$: more work for each byte, so more mult-adds a second, though each pixel still costs more of them.
# 3. The 14 x 14 x 512 numbers between the halves are written once and read once: $2 \cdot 4 \cdot 100{,}352 = 802{,}816$ bytes, 30 %. Libraries that fuse layers do this.
# 4. Look for more gain with 32 channels, on most machines: without joining, the inner loop ends after 32 numbers; with 512 it is long enough already.
# 5. There is no answer without a measurement on that phone, with the library that will run there. Intensity and the roofline say which question to ask: is it short of arithmetic or of bytes? Energy counts as well, and moving a byte takes some.
#
# </details>

# %% [markdown] lang="ko" of="61cf4ecd"
# ## 연습 문제
#
# 1. 손으로: `conv_pw_1`($M = 32$, $N = 64$, $D_F = 112$)의 산술 강도를 구하세요. 왜 `conv_pw_7`보다 훨씬 낮은가요?
# 2. 상한 $D_K^2/8$은 보폭이 1일 때의 것입니다. $D_F = 2 D_G$인 보폭 2에서는 얼마인가요? 보폭 1에 $D_K = 5$라면요? 깊이별 커널이 커지면 기계에게는 좋은 일인가요, 나쁜 일인가요?
# 3. 7번 블록의 깊이별 절반이 낸 수를 메모리에 보내지 않고 곧바로 점별 절반에 건네준다고 합시다. 이 블록이 옮기는 2,672,640바이트 가운데 얼마를 아낄 수 있나요?
# 4. 2번 요령을 채널 32개에 112 x 112 픽셀인 `x`로, 그리고 채널 512개에 14 x 14인 `x`로 다시 재 보세요(커널도 맞추어야 합니다). 행을 이어 붙이는 이득은 어느 쪽이 더 크고, 왜 그런가요?
# 5. 토론: 정확도가 같은 두 네트워크가 있습니다. A는 곱셈-덧셈이 적고, B는 옮길 바이트가 적습니다. 휴대전화에는 어느 쪽을 쓰겠습니까? 무엇부터 재 보겠습니까?
#
# <details><summary>답</summary>
#
# 1. 곱셈-덧셈 $32 \cdot 64 \cdot 112^2 = 25{,}690{,}112$번을 $4 \cdot (401{,}408 + 2{,}048 + 802{,}816) = 4{,}825{,}088$바이트로 나누면 5.3입니다. 가져온 수 하나를 512번이 아니라 64번만 쓰기 때문입니다.
# 2. 보폭 2에서는 입력이 출력의 네 배이므로 $9 / (4 \cdot 5) = 9/20$입니다. $D_K = 5$, 보폭 1이면 $25/8$입니다. 바이트당 일이 많아지니 초당 곱셈-덧셈은 늘어납니다. 물론 픽셀마다 해야 할 곱셈-덧셈도 늘어납니다.
# 3. 두 절반 사이의 14 x 14 x 512개의 수를 한 번 쓰고 한 번 읽습니다. $2 \cdot 4 \cdot 100{,}352 = 802{,}816$바이트, 30 %입니다. 층을 융합(fusion)하는 라이브러리가 바로 이 일을 합니다.
# 4. 대부분의 컴퓨터에서 채널이 32개일 때 이득이 더 큽니다. 이어 붙이지 않으면 안쪽 반복문이 32개 만에 끝납니다. 512개라면 이미 충분히 깁니다.
# 5. 그 휴대전화에서, 거기서 쓸 라이브러리로 재 보지 않고는 답할 수 없습니다. 산술 강도와 루프라인은 무엇을 물어야 할지를 알려 줍니다. 모자라는 것이 계산인가, 바이트인가? 에너지도 따져야 합니다. 바이트를 옮기는 데에도 에너지가 듭니다.
#
# </details>
