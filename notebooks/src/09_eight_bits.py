# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 9. Eight bits
#
# MobileNet was made for phones, and phones run it in integers of 8 bits. In this lesson we replace every floating-point number of a network by such an integer, compute with integers alone, and measure what is lost and what is gained.
#
# After this lesson you can
#
# - turn real numbers into 8-bit integers with a scale and a zero point, by hand, and say how large the error can be;
# - compute a weighted sum in integers and turn the large result back into 8 bits with one integer product and one shift;
# - explain why two runtimes that follow the same formula can differ by one;
# - quantise a trained network, and compare its accuracy, its size and its memory before and after.
#
# About 40 minutes, without the exercises. You need: lessons 1 to 3, and binary numbers. Have pencil and paper ready.

# %% [markdown] lang="ko" of="0b53a2a9"
# # 9. 8비트
#
# MobileNet은 휴대전화를 위해 만든 네트워크이고, 휴대전화에서는 8비트 정수로 실행합니다. 이번 강의에서는 네트워크의 부동소수점 수를 모두 8비트 정수로 바꾸어 정수만으로 계산해 보고, 무엇을 잃고 무엇을 얻는지 확인합니다.
#
# 이 강의를 마치면
#
# - 스케일과 영점을 이용해서 실수를 8비트 정수로 바꾸는 계산을 손으로 하고, 오차의 최댓값을 말할 수 있습니다.
# - 가중합을 정수로 계산하고, 큰 결과를 정수 곱셈 한 번과 시프트 한 번으로 다시 8비트 정수로 바꿀 수 있습니다.
# - 같은 식으로 계산하는 두 실행 환경(runtime)의 결과가 왜 1만큼 다를 수 있는지 설명할 수 있습니다.
# - 학습된 네트워크를 양자화하고, 정확도, 크기, 메모리 사용량을 양자화 전과 비교할 수 있습니다.
#
# 강의 시간은 연습 문제를 빼고 약 40분입니다. 1강에서 3강까지의 내용과 이진수를 알고 있으면 됩니다. 연필과 종이를 준비하세요.
#
# 이번 강의의 출력에 나오는 영어는 다음과 같은 뜻입니다. 출력을 읽을 때 찾아보세요.
#
# | 출력 | 뜻 |
# |---|---|
# | real, q, error | 실수, 저장한 정수, 오차 |
# | scale, zero point | 스케일, 영점 |
# | twice, once, float | 두 번 반올림, 한 번 반올림, float32로 곱한 다음 반올림 |
# | integers, stand for, floats | 정수, 그 정수가 나타내는 실수, 원래 네트워크의 값 |
# | right, bytes, memory | 맞힌 이미지 수, 가중치의 바이트 수, 최대 메모리 사용량 |
# | differs in ... outputs and in ... answers | 출력 ...개와 답 ...개가 다름 |

# %%
WHEEL = ""  # in Colab or JupyterLite: the address of npmobile's wheel, or the name of the file that you uploaded
try:
    import npmobile as nm
except ImportError as error:
    if not WHEEL:
        raise ImportError("install npmobile first: pip install . in its folder, or name its wheel above") from error
    # %pip install -q {WHEEL}
    import npmobile as nm
from dataclasses import replace
from pathlib import Path

import numpy as np

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## How can an integer stand for a real number?
#
# A `float32` number takes 32 bits, that is 4 bytes. An integer of 8 bits takes 1 byte, and it has only 256 different values. **Quantization** replaces a real number by the nearest of 256 real numbers that are equally far apart, and stores which one it was:
#
# $$\text{real} = \text{scale} \cdot (q - \text{zero})$$
#
# - $q$ is the stored integer: 0 to 255 (`uint8`), or -128 to 127 (`int8`).
# - The **scale** is the distance between two neighbours.
# - The **zero point** is the integer that stands for 0. Padding adds zeros to an image, so 0 must be represented exactly.
#
# The formula is from Jacob et al., 2018 (equation 1). To quantise, we solve it for $q$, round to the nearest integer, and cut off what is too small or too large.

# %% [markdown] lang="ko" of="e1bbcad9"
# ## 실수를 나타내는 정수
#
# 정수로 어떻게 실수(real number)를 나타낼까요? `float32`로 저장한 실수 하나는 32비트, 즉 4바이트입니다. 8비트 정수는 1바이트이고, 서로 다른 값이 256개뿐입니다. **양자화**(quantisation)에서는 일정한 간격으로 놓인 실수 256개를 정해 둡니다. 그리고 주어진 실수를 그 가운데 가장 가까운 것으로 바꾸고, 그것이 몇 번째인지를 정수로 저장합니다.
#
# $$\text{real} = \text{scale} \cdot (q - \text{zero})$$
#
# - $q$는 저장하는 정수입니다. 0~255(`uint8`)이거나 -128~127(`int8`)입니다.
# - **스케일**(scale)은 이웃한 두 실수의 간격입니다.
# - **영점**(zero point)은 실수 0을 나타내는 정수입니다. 패딩으로 이미지 둘레에 0을 채우므로, 0은 오차 없이 나타낼 수 있어야 합니다.
#
# real은 실수, zero는 영점입니다. 이 식은 Jacob et al., 2018의 식 1입니다. 양자화할 때는 이 식을 $q$에 대해 풀고 가장 가까운 정수로 반올림합니다. 그 정수가 범위를 벗어나면 범위의 최솟값이나 최댓값으로 바꿉니다. 이것을 잘라 낸다(cut off)고 합니다.

# %% [markdown] lang="en"
# Here are ten numbers, a scale of $1/64$ and the zero point 64. For example, $-0.5$ is $-0.5 \cdot 64 = -32$ steps from 0, so $q = -32 + 64 = 32$.
#
# **Predict first.** Which integers stand for 0.01, for 0.02 and for 3.5?

# %% [markdown] lang="ko" of="a2ace47c"
# 실수 열 개를 양자화해 봅시다. 스케일은 $1/64$, 영점은 64입니다. 스케일 하나만큼의 간격을 한 칸이라고 하면, 예를 들어 $-0.5$는 0에서 $-0.5 \cdot 64 = -32$칸 떨어져 있으므로 $q = -32 + 64 = 32$입니다.
#
# **먼저 예상해 보세요.** 0.01, 0.02, 3.5를 나타내는 정수는 각각 무엇일까요?

# %% jupyter={"outputs_hidden": true}
real = np.array([-1, -0.5, -0.25, 0, 0.01, 0.02, 0.5, 1, 2, 3.5], np.float32)
how = nm.integers.Quantisation(scale=1 / 64, zero=64)
q = how.quantise(real)
print("real", *(f"{number:6g}" for number in real))
print("q   ", *(f"{number:6}" for number in q))

# %% [markdown] lang="en"
# 0.01 is 0.64 steps and 0.02 is 1.28 steps. Both are rounded to one step, so both become 65, and nobody can tell them apart afterwards. 3.5 would be 224 + 64 = 288, which is more than 255, so it is cut off.
#
# **Predict first.** How far can a number that is not cut off be from the number that its integer stands for?

# %% [markdown] lang="ko" of="5ecc94aa"
# 0.01은 0.64칸, 0.02는 1.28칸입니다. 반올림하면 둘 다 한 칸이고 정수로는 65가 되므로, 그다음부터는 둘을 구별할 수 없습니다. 3.5는 224 + 64 = 288이 되어야 하지만, 255보다 크므로 잘려서 255가 됩니다.
#
# **먼저 예상해 보세요.** 범위를 벗어나지 않아서 잘리지 않은 실수를 봅시다. 이 실수와, 양자화한 정수가 나타내는 실수는 최대 얼마까지 차이가 날 수 있을까요?

# %% jupyter={"outputs_hidden": true}
error = np.abs(how.dequantise(q) - real)
for number, wrong in zip(real, error):
    print(f"{number:6.2f}  error {wrong:.6f}")
assert error[:-1].max() <= 1 / 128, "half a step is 1/128 = 0.0078125"

# %% [markdown] lang="en"
# The error is at most half a step, $1/128$. A smaller scale makes it smaller, but then the 256 steps reach less far and more numbers are cut off. So the scale of an array is chosen from the smallest and the largest number that it has to hold.
#
# ## How does a weighted sum look in integers?
#
# A convolution is made of sums of products. Let $x_i$ have the scale $s_x$ and the zero point $z_x$, and let the weights $w_i$ have the scale $s_w$ and the zero point 0, as is usual today. Both scales can be taken out of the sum:
#
# $$\sum_i x_i w_i = s_x s_w \sum_i (q_{x,i} - z_x) \, q_{w,i}$$
#
# On the right, the sum has integers only. By hand, with three numbers: the image has the scale $1/64$ and the zero point 64, the weights have the scale $1/32$.
#
# | | real | $q - z$ |
# |---|---|---|
# | $x$ | 1, -0.5, 0.25 | 64, -32, 16 |
# | $w$ | 0.5, 0.25, -1 | 16, 8, -32 |
#
# The sum is $64 \cdot 16 - 32 \cdot 8 - 16 \cdot 32 = 256$, and $256 / (64 \cdot 32) = 0.125$ is what the real numbers give.

# %% [markdown] lang="ko" of="42a5959a"
# 오차는 최대 반 칸, 즉 $1/128$입니다. 스케일이 작을수록 오차가 작지만, 256칸이 나타내는 범위가 좁아져서 잘리는 실수가 많아집니다. 그래서 배열의 스케일은 그 배열에 저장할 가장 작은 실수와 가장 큰 실수를 보고 정합니다.
#
# ## 정수로 계산하는 가중합
#
# 합성곱은 곱해서 더하는 계산입니다. 이 계산을 정수로 하면 식이 어떻게 될까요? $x_i$의 스케일을 $s_x$, 영점을 $z_x$라 하고, 가중치 $w_i$의 스케일을 $s_w$라고 합시다. 가중치의 영점은 요즘 흔히 하는 대로 0으로 둡니다. 두 스케일은 합의 기호 앞으로 꺼낼 수 있습니다.
#
# $$\sum_i x_i w_i = s_x s_w \sum_i (q_{x,i} - z_x) \, q_{w,i}$$
#
# 오른쪽의 합에는 정수만 있습니다. 숫자 세 개로 직접 계산해 봅시다. 이미지의 스케일은 $1/64$, 영점은 64이고 가중치의 스케일은 $1/32$입니다.
#
# | | 실수 | $q - z$ |
# |---|---|---|
# | $x$ | 1, -0.5, 0.25 | 64, -32, 16 |
# | $w$ | 0.5, 0.25, -1 | 16, 8, -32 |
#
# 합은 $64 \cdot 16 - 32 \cdot 8 - 16 \cdot 32 = 256$이고, $256 / (64 \cdot 32) = 0.125$는 실수로 계산한 결과와 같습니다.

# %%
x = how.quantise(np.array([1, -0.5, 0.25], np.float32))
w = nm.integers.Quantisation(1 / 32, 0, "int8").quantise(np.array([0.5, 0.25, -1], np.float32))
total = sum((int(a) - 64) * int(b) for a, b in zip(x, w))
print(x.tolist(), w.tolist(), total, total / (64 * 32))
assert total == 256, "64 * 16 - 32 * 8 - 16 * 32"

# %% [markdown] lang="en"
# The sum needs more than 8 bits. Even one product does: `uint8` keeps only the last 8 bits of it, without a warning for arrays.
#
# **Predict first.** What does NumPy make of 128 times 16 in `uint8`? In binary, $128 \cdot 16 = 2048$ is a 1 and eleven zeros.

# %% [markdown] lang="ko" of="a20dd9b6"
# 이 합을 저장하려면 8비트보다 큰 정수가 필요합니다. 곱 하나만 해도 8비트를 넘습니다. 그런데 `uint8` 배열끼리 곱하면 곱의 마지막 8비트만 남고, 경고도 나오지 않습니다.
#
# **먼저 예상해 보세요.** NumPy에서 128 곱하기 16을 `uint8`로 계산하면 결과는 무엇일까요? $128 \cdot 16 = 2048$은 이진수로 1 뒤에 0이 열한 개입니다.

# %% jupyter={"outputs_hidden": true}
print(np.array([128], np.uint8) * np.array([16], np.uint8))
print(np.array([128], np.int32) * np.array([16], np.int32))

# %% [markdown] lang="en"
# The last 8 bits of 2048 are zeros. So phones multiply in 8 bits but add up in 32 bits. Each product with its addition is one mult-add, as before: quantisation changes what a mult-add costs, not how many there are.
#
# ## How does a large sum become 8 bits again?
#
# The next layer wants 8-bit integers of its own scale $s_y$ and zero point $z_y$. Solving for its integer gives
#
# $$q_y = z_y + \frac{s_x s_w}{s_y} \cdot \text{sum}$$
#
# The fraction is a real number, the **multiplier**. It is known before the network runs, so it can be prepared. A phone writes it as an integer and a power of two (a **fixed-point number**): $\text{multiplier} = \text{fixed} \cdot 2^{\text{exponent} - 31}$, where `fixed` has 31 bits. Then one integer product and one shift to the right are enough.
#
# With $s_y = 1/50$, the multiplier of our example is $50 / 2048 = 0.0244140625$, and $256 \cdot 0.0244140625 = 6.25$.

# %% [markdown] lang="ko" of="c523f979"
# 2048의 마지막 8비트는 모두 0이므로 결과는 0입니다. 그래서 휴대전화에서는 곱셈은 8비트 정수끼리 하고, 덧셈은 32비트로 합니다. 곱셈 한 번과 덧셈 한 번을 묶어서 곱셈-누산 한 번으로 세는 것은 전과 같습니다. 양자화를 해도 곱셈-누산 횟수는 줄지 않습니다. 곱셈-누산을 한 번 하는 데 드는 시간과 전력이 달라질 뿐입니다.
#
# ## 8비트로 되돌리는 계산
#
# 큰 합을 어떻게 다시 8비트 정수로 바꿀까요? 다음 층의 입력은 다시 8비트 정수여야 하고, 그 스케일 $s_y$와 영점 $z_y$는 따로 정해져 있습니다. 그 정수 $q_y$에 대해 식을 풀면 다음과 같습니다.
#
# $$q_y = z_y + \frac{s_x s_w}{s_y} \cdot \text{sum}$$
#
# sum은 위에서 구한 합이고, 분수는 **승수**(multiplier)라고 합니다. 승수는 실수이지만 네트워크를 실행하기 전에 알 수 있으므로 미리 준비할 수 있습니다. 휴대전화에서는 승수를 정수와 2의 거듭제곱의 곱, 즉 **고정소수점 수**(fixed-point number)로 나타냅니다. 식으로 쓰면 $\text{multiplier} = \text{fixed} \cdot 2^{\text{exponent} - 31}$이고, `fixed`는 31비트 정수입니다. 그러면 정수 곱셈 한 번과 오른쪽 시프트 한 번으로 계산이 끝납니다.
#
# $s_y = 1/50$이면 위 예제의 승수는 $50 / 2048 = 0.0244140625$이고, $256 \cdot 0.0244140625 = 6.25$입니다.

# %%
fixed, exponent = (int(part) for part in nm.integers.fixed_point(np.array(50 / 2048)))
shift = 31 - exponent
half = 1 << (shift - 1)  # added before the shift, so that it rounds to the nearest integer
result = (256 * fixed + half) >> shift
print(f"fixed = {fixed}, exponent = {exponent}: (256 * {fixed} + {half}) >> {shift} = {result}")
assert fixed * 2.0 ** (exponent - 31) == 50 / 2048, "both sides are exact in float64"

# %% [markdown] lang="en"
# The result is 6, the integer nearest to 6.25, and no floating-point number was needed.
#
# ## Why do two runtimes differ?
#
# A processor of a phone multiplies two integers of 32 bits and keeps the upper half of the result. So the reference implementation of TensorFlow Lite rounds twice: once when it drops the lower half, and once more after the shift. Take the sum 1 and the multiplier $0.3125 = 0.625 \cdot 2^{-1}$:
#
# - rounded twice: $1 \cdot 0.625 = 0.625$ becomes 1, then $1 / 2 = 0.5$ becomes 1;
# - rounded once: $1 \cdot 0.3125$ becomes 0.
#
# A third way, XNNPACK on x86 processors, multiplies by a `float32` number and rounds halves to the even neighbour.
#
# **Predict first.** What do the three ways make of the sum 8? The exact result is 2.5.

# %% [markdown] lang="ko" of="bb4e3273"
# 결과는 6.25에 가장 가까운 정수인 6이고, 부동소수점 수는 전혀 쓰지 않았습니다.
#
# ## 실행 환경마다 결과가 다른 이유
#
# 같은 식으로 계산하는데 실행 환경마다 결과가 왜 다를까요? 휴대전화의 프로세서에서는 32비트 정수 두 개를 곱한 다음 결과의 상위 절반만 남깁니다. 그래서 TensorFlow Lite의 기준 구현에서는 반올림을 두 번 합니다. 하위 절반을 버릴 때 한 번, 시프트한 뒤에 한 번입니다. 합이 1이고 승수가 $0.3125 = 0.625 \cdot 2^{-1}$이라고 합시다.
#
# - 두 번 반올림하면 $1 \cdot 0.625 = 0.625$가 1이 되고, 이어서 $1 / 2 = 0.5$가 1이 됩니다.
# - 한 번 반올림하면 $1 \cdot 0.3125 = 0.3125$가 0이 됩니다.
#
# 세 번째 방식도 있습니다. x86 프로세서의 XNNPACK에서는 합에 `float32` 승수를 곱하고, 소수 부분이 정확히 0.5이면 가까운 짝수로 반올림합니다.
#
# **먼저 예상해 보세요.** 합이 8이면 세 방식의 결과는 각각 무엇일까요? 정확한 값은 2.5입니다.

# %% jupyter={"outputs_hidden": true}
sums = np.array([1, 8])
for name, rounding in nm.integers.ROUNDINGS.items():
    print(f"{name:6}", rounding(sums, *nm.integers.fixed_point(np.array(0.3125))).tolist())

# %% [markdown] lang="en"
# The same formula gives 1 or 0 for the first sum, and 3 or 2 for the second. None of them is wrong, but a test that compares two runtimes bit by bit must know how each of them rounds.
#
# ## What does a layer look like in integers?
#
# We quantise the network that reads digits. `nm.integers.quantise` runs the float network on 100 images and chooses the scale of every layer's output from the smallest and the largest number that it sees. The kernel gets one scale for each output channel.

# %% [markdown] lang="ko" of="ae7eedd2"
# 같은 식인데 첫 번째 합의 결과는 1 또는 0이고, 두 번째 합의 결과는 3 또는 2입니다. 어느 결과도 틀린 것은 아닙니다. 다만 두 실행 환경의 결과를 비트 단위로 비교하는 테스트를 만들려면 각각 어떻게 반올림하는지 알아야 합니다.
#
# ## 정수로 계산하는 층
#
# 층 하나를 정수로 계산하면 어떤 값이 나올까요? 손글씨 숫자를 인식하는 네트워크를 양자화해 봅시다. `nm.integers.quantise`는 먼저 원래의 float32 네트워크를 이미지 100장으로 실행합니다. 그리고 층마다 출력의 최솟값과 최댓값을 보고 스케일을 정합니다. 커널의 스케일은 출력 채널마다 따로 정합니다.

# %%
digits, (images, labels) = nm.digits(), nm.digits_test()
small = nm.integers.quantise(digits, images[:100])
first = images[100:101]
floats = list(digits.forward(first))
integers = list(small.forward(small.input.quantise(first)))

# %% [markdown] lang="en"
# One pixel of the first depthwise layer and of the first pointwise layer: the integers, the numbers that they stand for, and the floats of the original network.

# %% [markdown] lang="ko" of="daeaef20"
# 첫 번째 깊이별 층과 첫 번째 점별 층에서 픽셀을 하나씩 골라, 정수, 그 정수가 나타내는 실수, 원래 네트워크의 값을 위아래로 나란히 출력해 봅시다.

# %%
for n in (1, 2):
    layer, q, real = small.integers[n], integers[n].y[0, 5, 8, :5], floats[n].y[0, 5, 8, :5]
    print(f"{layer.layer.name}: scale {float(layer.y.scale):.4f}, zero point {layer.y.zero}")
    print("  integers ", *(f"{number:7}" for number in q))
    print("  stand for", *(f"{number:7.3f}" for number in layer.y.dequantise(q)))
    print("  floats   ", *(f"{number:7.3f}" for number in real))

# %% [markdown] lang="en"
# The numbers are close, and not equal: the error of each layer is added to that of the layers before it. ReLU6 costs nothing here, because cutting off at the ends of the 8 bits does its work.
#
# ## What is lost, and what is gained?
#
# **Predict first.** The float network reads 355 of the 360 test digits. How many does the integer network read, and how many bytes do its weights take?

# %% [markdown] lang="ko" of="1cd45d93"
# 정수가 나타내는 실수는 원래 네트워크의 값과 가깝지만 똑같지는 않습니다. 층마다 생기는 오차가 앞 층들의 오차에 더해집니다. 여기서는 ReLU6을 따로 계산하지 않습니다. 8비트 범위를 벗어난 값을 잘라 내면 ReLU6과 같은 결과가 되기 때문입니다.
#
# ## 잃는 것과 얻는 것
#
# 양자화하면 무엇을 잃고 무엇을 얻을까요?
#
# **먼저 예상해 보세요.** 원래의 float32 네트워크는 테스트 이미지 360장 가운데 355장을 맞힙니다. 정수로 바꾼 네트워크는 몇 장을 맞힐까요? 그리고 가중치는 몇 바이트일까요?

# %% jupyter={"outputs_hidden": true}
before = (digits.predict(images).argmax(axis=1) == labels).sum()
after = (small.predict(small.input.quantise(images)).argmax(axis=1) == labels).sum()
float_bytes = sum(array.nbytes for arrays in digits.folded.values() for array in arrays.values())
print(f"right  {before} -> {after} of {len(labels)}")
print(f"bytes  {float_bytes:,} -> {small.nbytes:,}")
print(f"memory {nm.cost.peak_memory(digits.layers, 4):,} -> {nm.cost.peak_memory(digits.layers, 1):,} bytes")
assert abs(int(before) - int(after)) <= 5, "8 bits should cost a few digits at most"

# %% [markdown] lang="en"
# Weights and feature maps take about a quarter of the bytes, and the accuracy stays almost the same. (The biases are kept in 32 bits, so the weights do not shrink to exactly a quarter.) The mult-adds are as many as before:

# %% [markdown] lang="ko" of="5cc83af6"
# 가중치와 특징 맵의 바이트 수는 약 4분의 1로 줄고, 정확도는 거의 그대로입니다. (편향은 32비트로 저장하기 때문에 가중치가 정확히 4분의 1이 되지는 않습니다.) 곱셈-누산 횟수는 전과 같습니다. 확인해 봅시다.

# %%
executed = sum(step.mult_adds for step in integers)
print(f"{executed:,} mult-adds in integers, {sum(step.mult_adds for step in floats):,} in floats")
assert executed == nm.cost.total(nm.cost.table(small.layers)).mult_adds

# %% [markdown] lang="en"
# The three ways of rounding are one word apart. How often do they change one of the 3,600 outputs, and how often an answer?

# %% [markdown] lang="ko" of="14cdca64"
# 코드에서 단어 하나만 바꾸면 세 가지 반올림 방식을 비교할 수 있습니다. 반올림 방식을 바꾸면 출력 3,600개 가운데 몇 개가 달라질까요? 그 때문에 네트워크의 답이 바뀌는 이미지는 몇 장일까요?

# %%
taken = small.input.quantise(images)
twice = small.predict(taken)
for name in ("once", "float"):
    y = replace(small, rounding=name).predict(taken)
    answers = (y.argmax(axis=1) != twice.argmax(axis=1)).sum()
    print(f"{name:5} differs in {(y != twice).sum()} of {y.size:,} outputs and in {answers} answers")

# %% [markdown] lang="en"
# ## Does it fit a microcontroller?
#
# TensorFlow Lite Micro has an example that finds out whether a person is in an image: a MobileNet with $\alpha = 0.25$ for grey images of 96 x 96 pixels and two classes. A small microcontroller such as the nRF52840 has 256 KiB of RAM.
#
# **Predict first.** How many KiB does the largest layer need for its input and output, at one byte per number? The first convolution has 8 filters and stride 2.

# %% [markdown] lang="ko" of="373be0e2"
# ## 마이크로컨트롤러의 메모리
#
# MobileNet을 마이크로컨트롤러(microcontroller)에서도 실행할 수 있을까요? TensorFlow Lite Micro에는 이미지에 사람이 있는지 알아내는 예제가 있습니다. $\alpha = 0.25$인 MobileNet이고, 96 x 96 픽셀의 흑백 이미지를 두 클래스로 분류합니다. nRF52840 같은 작은 마이크로컨트롤러의 RAM은 256KiB입니다(1KiB = 1,024바이트).
#
# **먼저 예상해 보세요.** 원소 하나가 1바이트일 때, 메모리를 가장 많이 쓰는 층의 입력과 출력에는 몇 KiB가 필요할까요? 첫 번째 합성곱의 필터는 8개, 스트라이드는 2입니다.

# %% jupyter={"outputs_hidden": true}
person = nm.mobilenet(alpha=0.25, resolution=96, classes=2, channels=1)
print(f"{nm.cost.peak_memory(person) / 1024:.0f} KiB for input and output of the largest layer")
print(f"{nm.cost.total(nm.cost.table(person)).mult_adds:,} mult-adds")
assert nm.cost.peak_memory(person) == 48 * 48 * (8 + 16), "conv_pw_1 reads 48 x 48 x 8 and makes 48 x 48 x 16"

# %% [markdown] lang="en"
# `conv_pw_1` needs 54 KiB, about a fifth of the RAM. In `float32` it would need 216 KiB, which leaves hardly anything for the program itself. The weights stay in the flash memory.
#
# If you have the file `person_detect.tflite` of that example, put it beside this notebook: `nm.load_integers` reads it, and computes what the microcontroller computes.

# %% [markdown] lang="ko" of="7f22d61e"
# `conv_pw_1`에 54KiB가 필요합니다. RAM의 약 5분의 1입니다. `float32`라면 216KiB가 필요해서, 프로그램이 쓸 메모리가 거의 남지 않습니다. 가중치는 RAM이 아니라 플래시 메모리에 저장합니다.
#
# 이 예제의 파일 `person_detect.tflite`가 있으면 이 노트북과 같은 폴더에 넣어 두세요. `nm.load_integers`로 읽으면 마이크로컨트롤러와 똑같이 계산합니다. 파일이 없으면 no person_detect.tflite here(여기에 파일이 없습니다)라고 출력되고, 강의는 그대로 이어집니다.

# %%
path = Path("person_detect.tflite")
if path.exists():
    detector = nm.load_integers(path)
    print(detector)
    steps = detector.forward(np.zeros((1, 96, 96, 1), np.int8))
    print(sum(step.mult_adds for step in steps), "mult-adds executed")
else:
    print("no person_detect.tflite here: the lesson goes on without it")

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** (By hand) An array holds numbers from -2 to 3.1. With 255 steps between them in `uint8`, which scale do you choose, and which zero point?

# %% [markdown] lang="ko" of="91cef0dd"
# ## 연습 문제
#
# **1.** (손 계산) 어떤 배열에 -2에서 3.1까지의 실수가 들어 있습니다. `uint8`을 써서 그 사이를 255칸으로 나눈다면 스케일과 영점은 각각 얼마로 정해야 할까요?

# %% [markdown] lang="en"
# <details><summary>Answer 1</summary>
#
# The range is $3.1 - (-2) = 5.1$ long, so the scale is $5.1 / 255 = 0.02$. The number -2 is $-2 / 0.02 = -100$ steps from 0 and must become 0, so the zero point is 100. Check: 3.1 is 155 steps, and $155 + 100 = 255$.
#
# </details>

# %% [markdown] lang="ko" of="2881573c"
# <details><summary>1번 답</summary>
#
# 범위의 길이가 $3.1 - (-2) = 5.1$이므로 스케일은 $5.1 / 255 = 0.02$입니다. 실수 -2는 0에서 $-2 / 0.02 = -100$칸 떨어져 있고 정수 0이 되어야 하므로 영점은 100입니다. 검산해 보면, 3.1은 155칸이고 $155 + 100 = 255$입니다.
#
# </details>

# %% [markdown] lang="en"
# **2.** A window of 3 x 3 pixels with 64 channels is summed in `int32`. Each factor is at most 128 in size. How large can the sum become, and does it fit into 32 bits?

# %% [markdown] lang="ko" of="cb95aecd"
# **2.** 채널이 64개인 3 x 3 픽셀 윈도우의 가중합을 `int32`로 계산합니다. 곱하는 두 정수의 절댓값은 각각 최대 128입니다. 합은 얼마까지 커질 수 있나요? 그 합을 32비트로 저장할 수 있나요?

# %% [markdown] lang="en"
# <details><summary>Answer 2</summary>
#
# There are $3 \cdot 3 \cdot 64 = 576$ products of at most $128 \cdot 128 = 16{,}384$, so the sum is at most 9,437,184. An `int32` holds numbers up to 2,147,483,647, so it fits. It is even below $2^{24} = 16{,}777{,}216$: up to there `float32` is exact on integers, and that is how `npmobile` computes such sums fast.
#
# </details>

# %% [markdown] lang="ko" of="b5c64820"
# <details><summary>2번 답</summary>
#
# 최대 $128 \cdot 128 = 16{,}384$인 곱이 $3 \cdot 3 \cdot 64 = 576$개 있으므로 합은 최대 9,437,184입니다. `int32`에는 2,147,483,647까지 저장할 수 있으므로 충분합니다. 게다가 $2^{24} = 16{,}777{,}216$보다 작습니다. 이 범위의 정수는 `float32`로도 오차 없이 나타낼 수 있습니다. `npmobile`에서는 이 성질을 이용해서 이런 합을 빠르게 계산합니다.
#
# </details>

# %% [markdown] lang="en"
# **3.** A kernel is quantised with one scale for all its channels. One channel has weights between -4 and 4, another between -0.01 and 0.01. What happens to the second channel in `int8`, and why does one scale per channel help?

# %% [markdown] lang="ko" of="7fd8979c"
# **3.** 커널의 모든 채널을 스케일 하나로 양자화합니다. 한 채널의 가중치는 -4~4이고, 다른 채널의 가중치는 -0.01~0.01입니다. `int8`에서 두 번째 채널은 어떻게 될까요? 채널마다 스케일을 따로 두면 왜 도움이 될까요?

# %% [markdown] lang="en"
# <details><summary>Answer 3</summary>
#
# The common scale is $4 / 127 = 0.0315$, so every weight of the second channel is less than half a step and becomes 0: the channel is lost. With a scale of its own, $0.01 / 127$, it uses all 255 steps. Only the multiplier of that output channel changes, and the sums stay sums of integers.
#
# </details>

# %% [markdown] lang="ko" of="9f058d69"
# <details><summary>3번 답</summary>
#
# 공통 스케일은 $4 / 127 = 0.0315$입니다. 두 번째 채널의 가중치는 모두 반 칸보다 작아서 0이 됩니다. 채널 하나가 사라지는 셈입니다. 이 채널의 스케일을 $0.01 / 127$로 따로 정하면 255칸을 모두 쓸 수 있습니다. 그렇게 해도 그 출력 채널의 승수만 달라지고, 합은 여전히 정수의 합입니다.
#
# </details>

# %% [markdown] lang="en"
# **4.** (Code) Write `my_requantise(sums, fixed, exponent)`, which rounds once: add half, then shift to the right, as in the cell above with the number 256. The check compares your numbers with `nm.integers.ROUNDINGS["once"]`.

# %% [markdown] lang="ko" of="47746e3c"
# **4.** (코딩) 한 번만 반올림하는 함수 `my_requantise(sums, fixed, exponent)`를 작성하세요. 앞에서 합 256을 8비트로 되돌린 셀처럼, 절반(half)을 더하고 오른쪽으로 시프트합니다. 검사 코드가 여러분의 결과를 `nm.integers.ROUNDINGS["once"]`의 결과와 비교합니다.


# %%
def my_requantise(sums, fixed, exponent):
    raise NotImplementedError("Exercise 4: write my_requantise, then run this cell again")


try:
    sums, multiplier = np.arange(-1000, 1000), nm.integers.fixed_point(np.array(0.0123))
    right = nm.integers.ROUNDINGS["once"](sums, *multiplier)
    wrong = sums[my_requantise(sums, *multiplier) != right]
    assert wrong.size == 0, f"{wrong.size} sums are wrong, {wrong[0]} is the first"
    print("Exercise 4 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 4</summary>
#
# ```python
# def my_requantise(sums, fixed, exponent):
#     shift = 31 - exponent
#     return (sums * fixed + (1 << (shift - 1))) >> shift
# ```
#
# </details>

# %% [markdown] lang="ko" of="580f1ef8"
# <details><summary>4번 답</summary>
#
# ```python
# def my_requantise(sums, fixed, exponent):
#     shift = 31 - exponent
#     return (sums * fixed + (1 << (shift - 1))) >> shift
# ```
#
# </details>
