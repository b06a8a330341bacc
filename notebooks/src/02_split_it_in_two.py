# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 2. Split it in two
#
# After this lesson you can
#
# - say what a depthwise and a pointwise convolution each do, and draw it;
# - work out what they cost, and derive the ratio $\frac{1}{N} + \frac{1}{D_K^2}$;
# - find a mistake that its own check did not find.
#
# About 25 minutes. You need: lesson 1, or to know what a convolution is. Pencil and paper help.

# %% [markdown] lang="ko" of="c9431816"
# # 2. 둘로 나누기
#
# 이 수업을 마치면
#
# - 깊이별 합성곱(depthwise convolution)과 점별 합성곱(pointwise convolution)이 각각 무엇을 하는지 말하고 그릴 수 있습니다.
# - 두 합성곱의 비용을 계산하고, 비율 $\frac{1}{N} + \frac{1}{D_K^2}$을 직접 유도할 수 있습니다.
# - 검산마저 속인 실수를 찾아낼 수 있습니다.
#
# 약 25분. 1강을 들었거나 합성곱이 무엇인지 알고 있으면 됩니다. 연필과 종이가 있으면 더 좋습니다.

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
# ## One step that does two things
#
# A standard convolution filters (it looks at a $D_K \times D_K$ window) and combines (it sums over all $M$ channels) in one go.
# Every one of its $N$ filters is a block of $D_K \times D_K \times M$ numbers.
#
# What if filtering and combining were two steps? First $M$ filters that each see one channel only. Then $N$ filters that
# see one pixel only, through all channels.

# %% [markdown] lang="ko" of="48089567"
# ## 한 번에 두 가지 일
#
# 표준 합성곱은 거르는 일($D_K \times D_K$ 창을 보는 일)과 합치는 일($M$개 채널을 모두 더하는 일)을 한 번에 합니다.
# 그래서 필터 $N$개가 저마다 $D_K \times D_K \times M$개의 수로 된 덩어리입니다.
#
# 거르기와 합치기를 두 단계로 나누면 어떨까요? 먼저 한 채널만 보는 필터 $M$개, 그다음 한 픽셀만 보되 모든 채널을 꿰뚫는 필터 $N$개입니다.

# %%
nm.plots.filters(D_K=3, M=3, N=5)

# %% [markdown] lang="en"
# Count the little cubes by eye: which of the three panels holds the most numbers? The two on the right together hold far fewer than the one on the left.

# %% [markdown] lang="ko" of="27ac5e2e"
# 작은 정육면체를 눈으로 세어 보세요. 어느 그림에 수가 가장 많이 들어 있나요? 오른쪽 둘을 합쳐도 왼쪽 하나보다 훨씬 적습니다.

# %%
nm.plots.split(M=3, N=5)

# %% [markdown] lang="en"
# Read it from left to right: take the channels apart, filter each with its own kernel, put them together again, and let every
# output channel be a mixture of all of them. Colours stay apart until the last step; only there do they mix to grey.

# %% [markdown] lang="ko" of="5240ee47"
# 왼쪽에서 오른쪽으로 읽어 봅시다. 채널을 떼어 놓고, 각 채널을 자기 커널로 거르고, 다시 포갠 다음, 출력 채널마다 그 모두를 섞습니다.
# 마지막 단계까지 색은 섞이지 않습니다. 회색이 되는 것은 마지막 한 번뿐입니다.

# %% [markdown] lang="en"
# ## What the depthwise half does
#
# $$\hat G_{k,l,m} = \sum_{i,j} \hat K_{i,j,m} \cdot F_{k+i-1,\;l+j-1,\;m} \qquad \text{(equation 3 of the paper)}$$
#
# There is no sum over $m$. Here it is as loops: find the line that counts.

# %% [markdown] lang="ko" of="53e8f008"
# ## 앞 절반: 깊이별 합성곱
#
# $$\hat G_{k,l,m} = \sum_{i,j} \hat K_{i,j,m} \cdot F_{k+i-1,\;l+j-1,\;m} \qquad \text{(논문의 식 3)}$$
#
# $m$에 대한 합이 없습니다. 반복문으로 쓰면 다음과 같습니다. 세는 줄을 찾아보세요.

# %%
code = inspect.getsource(nm.loops.depthwise_conv)
print(code[code.index("    B, H, W, M = x.shape") :])

# %% [markdown] lang="en"
# **Predict first.** One row of three pixels, two channels. The kernel is 1 x 1 and says "times 1" to channel 0 and "times 10" to channel 1. What comes out, and after how many multiply-adds (mult-adds)?

# %% [markdown] lang="ko" of="60102296"
# **먼저 예상해 보세요.** 픽셀 세 개가 한 줄에 있고 채널은 둘입니다. 커널은 1 x 1이고 0번 채널에는 1을, 1번 채널에는 10을 곱합니다. 무엇이 나올까요? 곱셈-덧셈(mult-add)은 몇 번일까요?

# %%
x = np.array([[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]])  # (1, 1, 3, 2)
y, mult_adds = nm.loops.depthwise_conv(x, np.array([[[1.0, 10.0]]]))
print(y[0, 0], mult_adds)

# %% [markdown] lang="en"
# Three pixels times two channels: six mult-adds. Channel 0 never met channel 1. That is why a second half is needed.

# %% [markdown] lang="ko" of="4aa242ef"
# 픽셀 셋 곱하기 채널 둘, 곱셈-덧셈 여섯 번입니다. 0번 채널은 1번 채널을 한 번도 만나지 않았습니다. 그래서 나머지 절반이 필요합니다.

# %% [markdown] lang="en"
# ## The worked example: 32 x 32 x 3
#
# $D_K = 3$, $M = 3$, $N = 64$, $D_F = 32$. By the paper's formulas:
#
# | | formula | |
# |---|---|---|
# | standard | $D_K \cdot D_K \cdot M \cdot N \cdot D_F \cdot D_F$ | equation 2 |
# | depthwise | $D_K \cdot D_K \cdot M \cdot D_F \cdot D_F$ | equation 4 |
# | pointwise | $M \cdot N \cdot D_F \cdot D_F$ | second term of equation 5 |
#
# **Predict first:** how many times fewer mult-adds do the last two need together? Write your guess down.

# %% [markdown] lang="ko" of="48382d81"
# ## 손으로 푸는 예: 32 x 32 x 3
#
# $D_K = 3$, $M = 3$, $N = 64$, $D_F = 32$입니다. 논문의 식으로는 다음과 같습니다.
#
# | | 식 | |
# |---|---|---|
# | 표준 | $D_K \cdot D_K \cdot M \cdot N \cdot D_F \cdot D_F$ | 식 2 |
# | 깊이별 | $D_K \cdot D_K \cdot M \cdot D_F \cdot D_F$ | 식 4 |
# | 점별 | $M \cdot N \cdot D_F \cdot D_F$ | 식 5의 둘째 항 |
#
# **먼저 예상해 보세요.** 아래 둘을 합치면 곱셈-덧셈이 몇 배나 줄어들까요? 적어 두세요.

# %%
D_K, M, N, D_F = 3, 3, 64, 32
standard = D_K * D_K * M * N * D_F * D_F
depthwise = D_K * D_K * M * D_F * D_F
pointwise = M * N * D_F * D_F
print(f"{standard:,} against {depthwise:,} + {pointwise:,} = {depthwise + pointwise:,}")
print(f"{standard / (depthwise + pointwise):.1f} times fewer")

# %% [markdown] lang="en"
# Those are formulas. Now **execute** it: nested loops over a real array, adding 1 at every multiply-add. Two million of them take about two seconds.

# %% [markdown] lang="ko" of="60d7ef3e"
# 여기까지는 식입니다. 이제 **실행해서** 셉시다. 진짜 배열 위에서 반복문을 돌리며 곱셈-덧셈마다 1을 더합니다. 2백만 번이니 2초쯤 걸립니다.

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(1, D_F, D_F, M))
kernel = rng.normal(size=(D_K, D_K, M, N))
_, counted = nm.loops.standard_conv(x, kernel)
filtered, counted_depthwise = nm.loops.depthwise_conv(x, kernel[..., 0])
_, counted_pointwise = nm.loops.pointwise_conv(filtered, kernel[0, 0])
print(f"{counted:,}   {counted_depthwise:,} + {counted_pointwise:,}")

# %%
assert (counted, counted_depthwise, counted_pointwise) == (standard, depthwise, pointwise), "is D_F the output side?"

# %% [markdown] lang="en"
# The machine did what the formula says, to the last mult-add. `conv` does the same by matrix products and reports the size of what it ran:

# %% [markdown] lang="ko" of="5118bd9a"
# 컴퓨터가 실제로 한 일이 식과 마지막 한 번까지 같습니다. `conv`는 같은 일을 행렬 곱으로 하고, 자기가 실행한 행렬 곱의 크기를 알려 줍니다.

# %%
y, mult_adds = nm.conv.separable_conv(x, kernel[..., 0], kernel[0, 0])
assert mult_adds == depthwise + pointwise, "the third witness disagrees"
print(y.shape, f"{mult_adds:,}")

# %% [markdown] lang="en"
# ## Where 1/N + 1/D_K² comes from
#
# $$\frac{D_K^2 M D_F^2 + M N D_F^2}{D_K^2 M N D_F^2}
# = \frac{D_K^2 M D_F^2}{D_K^2 M N D_F^2} + \frac{M N D_F^2}{D_K^2 M N D_F^2}
# = \frac{1}{N} + \frac{1}{D_K^2}$$
#
# $M$ and $D_F$ cancel: the saving depends neither on the picture nor on the input channels. As exact fractions:

# %% [markdown] lang="ko" of="2351a8fe"
# ## 1/N + 1/D_K²은 어디서 오는가
#
# $$\frac{D_K^2 M D_F^2 + M N D_F^2}{D_K^2 M N D_F^2}
# = \frac{D_K^2 M D_F^2}{D_K^2 M N D_F^2} + \frac{M N D_F^2}{D_K^2 M N D_F^2}
# = \frac{1}{N} + \frac{1}{D_K^2}$$
#
# $M$과 $D_F$는 약분되어 사라집니다. 절약되는 비율은 그림의 크기와도, 입력 채널 수와도 상관이 없습니다. 분수로 정확히 계산하면 다음과 같습니다.

# %%
ratio = Fraction(counted_depthwise + counted_pointwise, counted)
print(ratio, "=", Fraction(1, N), "+", Fraction(1, D_K**2), "=", round(float(ratio), 4))
assert ratio == nm.cost.separable_ratio(D_K, N), "are both in lowest terms? Fraction does that for you"

# %% [markdown] lang="en"
# ## A check that proved nothing
#
# A study note works the same example like this:
#
# $$32 \cdot 32 \cdot 3 \cdot 3 \cdot 3 + 3 \cdot 64 \cdot 3 \cdot 3 = 29{,}376, \qquad \frac{29{,}376}{1{,}769{,}472} = 0.0167$$
#
# and checks it: $\frac{1}{64} + \frac{1}{32^2} = 0.0167$. The two agree. **Both are wrong.** Find the mistake before you run the next cell.

# %% [markdown] lang="ko" of="fcb09139"
# ## 아무것도 증명하지 못한 검산
#
# 어느 학습 노트는 같은 예를 이렇게 풉니다.
#
# $$32 \cdot 32 \cdot 3 \cdot 3 \cdot 3 + 3 \cdot 64 \cdot 3 \cdot 3 = 29{,}376, \qquad \frac{29{,}376}{1{,}769{,}472} = 0.0167$$
#
# 그리고 이렇게 검산합니다. $\frac{1}{64} + \frac{1}{32^2} = 0.0167$. 둘이 꼭 맞습니다. 그런데 **둘 다 틀렸습니다.** 다음 셀을 실행하기 전에 실수를 찾아보세요.

# %%
note = D_F * D_F * D_K * D_K * M + M * N * D_K * D_K  # the last two factors should be D_F
check = Fraction(1, N) + Fraction(1, D_F**2)  # and this one D_K
print(note, Fraction(note, standard), check, round(float(check), 4))

# %% [markdown] lang="en"
# $D_K$ stands where $D_F$ belongs, in the pointwise term, and $D_F$ where $D_K$ belongs, in the ratio: the same swap, twice. So the
# two wrong numbers agree exactly, as 17/1024 (0.0166; the note rounds it up). A check that shares the mistake proves nothing; a count that is executed does not know the formula and cannot share it.

# %% [markdown] lang="ko" of="6dcee0a8"
# 점별 항에서는 $D_F$ 자리에 $D_K$가, 비율에서는 $D_K$ 자리에 $D_F$가 들어갔습니다. 같은 뒤바뀜이 두 번 일어난 것입니다. 그래서 틀린 두 수가 17/1024로 정확히 일치합니다(0.0166인데 노트는 올려 적었습니다).
# 실수를 함께 저지른 검산은 아무것도 증명하지 못합니다. 실행해서 센 수는 식을 모르기 때문에 같은 실수를 할 수 없습니다.

# %% [markdown] lang="en"
# ## How far can it go?
#
# **Predict first:** with 3 x 3 kernels and ever more output channels, does the ratio go to 0?

# %% [markdown] lang="ko" of="5bf02cb3"
# ## 어디까지 줄어들까?
#
# **먼저 예상해 보세요.** 3 x 3 커널에서 출력 채널 수를 계속 늘리면 비율은 0으로 갈까요?

# %%
nm.plots.ratios(D_Ks=(3, 5, 7))

# %% [markdown] lang="en"
# Each curve falls to its floor $1/D_K^2$ and no lower: for 3 x 3 that is a ninth, whatever $N$ is. At $N = 1$ every curve lies above 1: splitting one output channel costs more than it saves.

# %% [markdown] lang="ko" of="1e6d3211"
# 곡선마다 바닥 $1/D_K^2$까지 내려가고 그 아래로는 가지 않습니다. 3 x 3이라면 $N$이 아무리 커도 9분의 1입니다. $N = 1$에서는 모든 곡선이 1보다 위에 있습니다. 출력 채널이 하나뿐이면 나누는 것이 오히려 손해입니다.

# %% [markdown] lang="en"
# ## A layer of MobileNet: Table 3
#
# The paper's Table 3 takes one layer of the network ($D_K = 3$, $M = N = 512$, $D_F = 14$) and makes it cheaper step by step: split it; make it
# thinner ($\alpha = 0.75$); make the picture smaller ($\rho = 0.714$, which turns 14 into 10).

# %% [markdown] lang="ko" of="88544cda"
# ## MobileNet의 한 층: 표 3
#
# 논문의 표 3은 네트워크의 한 층($D_K = 3$, $M = N = 512$, $D_F = 14$)을 골라 한 걸음씩 값싸게 만듭니다. 둘로 나누고, 더 얇게 하고($\alpha = 0.75$), 그림을 줄입니다($\rho = 0.714$, 14가 10이 됩니다).


# %%
def separable(M, D_F):
    return nm.cost.depthwise(3, M, D_F) + nm.cost.pointwise(M, M, D_F)


ours = [nm.cost.standard(3, 512, 512, 14), separable(512, 14), separable(384, 14), separable(384, 10)]
for printed, count in zip((462, 52.3, 29.6, 15.1), ours):
    print(f"{printed:>6} million in the paper, {count / 1e6:9.4f} million here")

# %% [markdown] lang="en"
# All four agree to the digits that are printed. Splitting alone took a factor of 8.8, close to the 9 that a 3 x 3 kernel allows.

# %% [markdown] lang="ko" of="7bb182bc"
# 네 수 모두 논문에 인쇄된 자릿수까지 같습니다. 나누기만으로 8.8배가 줄었습니다. 3 x 3 커널에서 가능한 9배에 가깝습니다.

# %% [markdown] lang="en"
# ## Stride 2: which side counts?
#
# The paper writes $D_F$ for both sides of a layer and says so in a footnote. With stride 2 the output is half as large, and the kernel stops at
# $D_G \times D_G$ places. Which of the two belongs in the formula? Let the loops say.

# %% [markdown] lang="ko" of="b105c0da"
# ## 보폭 2: 어느 쪽 변을 쓰나?
#
# 논문은 입력과 출력의 변을 모두 $D_F$로 쓰고 각주에 그렇게 밝힙니다. 보폭(stride)이 2이면 출력은 절반이 되고, 커널은 $D_G \times D_G$ 자리에만 멈춥니다. 식에는 어느 변이 들어가야 할까요? 반복문에게 물어봅시다.

# %%
x, kernel = np.ones((1, 8, 8, 2)), np.ones((3, 3, 2))
y, mult_adds = nm.loops.depthwise_conv(x, kernel, stride=2)
print("D_F = 8, D_G =", y.shape[1], "counted", mult_adds)
print("with D_G:", 3 * 3 * 2 * 4 * 4, "  with D_F:", 3 * 3 * 2 * 8 * 8)
assert mult_adds == nm.cost.depthwise(D_K=3, M=2, D_G=4), "cost wants the output side"

# %% [markdown] lang="en"
# The output side. With $D_F$ the bill would be four times too high, for every layer with stride 2.

# %% [markdown] lang="ko" of="296e6332"
# 출력 쪽 변입니다. $D_F$를 쓰면 보폭이 2인 층마다 비용이 네 배로 부풀려집니다.

# %% [markdown] lang="en"
# ## Exercises
#
# 1. By hand: $D_K = 5$, $N = 100$. What is the ratio?
# 2. For which $N$ is a 3 x 3 separable convolution exactly as dear as the standard one? (Solve $1/N + 1/9 = 1$.)
# 3. In the worked example, which half costs more, and by what factor? For which $N$ would both cost the same?
# 4. `conv.depthwise_conv` with a kernel of $D_K = 1$ is no depthwise convolution worth its name. What does it do, and what does the ratio become?
# 5. Discuss: the note's author *did* check. What other check would have found the swap without a computer?
#
# <details><summary>Answers</summary>
#
# 1. $1/100 + 1/25 = 0.05$: twenty times fewer.
# 2. $N = 9/8$, so for no whole number: at $N = 1$ splitting loses (10/9), at $N = 2$ it wins (11/18).
# 3. The pointwise half: $196{,}608 / 27{,}648 = N / D_K^2 = 64/9 \approx 7.1$ times more. Equal at $N = 9$.
# 4. It multiplies each channel by one number. The ratio is $1/N + 1 > 1$: it only adds work.
# 5. Units, for one: a pointwise convolution runs at every pixel, so its cost must grow with the picture; the note's second term has no $D_F$ in it.
#
# </details>

# %% [markdown] lang="ko" of="95104adc"
# ## 연습 문제
#
# 1. 손으로: $D_K = 5$, $N = 100$이면 비율은 얼마인가요?
# 2. 3 x 3 분리형 합성곱의 비용이 표준 합성곱과 꼭 같아지는 $N$은 얼마인가요? ($1/N + 1/9 = 1$을 푸세요.)
# 3. 위의 예에서 어느 절반이 몇 배 더 비싼가요? 둘이 같아지는 $N$은 얼마인가요?
# 4. $D_K = 1$인 커널로 `conv.depthwise_conv`를 쓰면 이름값을 못 합니다. 무슨 일을 하고, 비율은 얼마가 되나요?
# 5. 토론: 학습 노트를 쓴 사람도 검산은 *했습니다*. 컴퓨터 없이 뒤바뀜을 찾아낼 다른 검산이 있을까요?
#
# <details><summary>답</summary>
#
# 1. $1/100 + 1/25 = 0.05$, 20배 줄어듭니다.
# 2. $N = 9/8$이니 그런 자연수는 없습니다. $N = 1$이면 손해(10/9), $N = 2$이면 이득(11/18)입니다.
# 3. 점별 절반이 $196{,}608 / 27{,}648 = N / D_K^2 = 64/9 \approx 7.1$배 비쌉니다. $N = 9$에서 같아집니다.
# 4. 채널마다 수 하나를 곱할 뿐입니다. 비율은 $1/N + 1 > 1$, 일만 늘어납니다.
# 5. 이를테면 단위를 따져 봅니다. 점별 합성곱은 모든 픽셀에서 일하니 비용이 그림 크기와 함께 커져야 하는데, 노트의 둘째 항에는 $D_F$가 없습니다.
#
# </details>
