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
# MobileNet makes about one eighth of the mult-adds of its standard-convolution version (lesson 2). Is it also eight times faster? In this lesson we measure times, and we learn when a measurement answers a question and when it does not.
#
# After this lesson you can
#
# - measure times so that two programs can be compared, and say when a run does not allow a conclusion;
# - compute the arithmetic intensity of a layer by hand, and read a roofline figure;
# - explain why a layer that makes few mult-adds can still take a large share of the time.
#
# About 60 minutes in two parts, with a break between them, and without the exercises and the appendix. You need: lessons 2 and 3. Close other programs before you begin, because they use the processor too.
#
# **The counts in this lesson are the same on every computer. The times are not.** They differ from computer to computer, and from one run to the next. So the text below states no time. The code compares what it has measured and prints what follows, or it prints that this run cannot tell.

# %% [markdown] lang="ko" of="1a1ce448"
# # 6. 연산 횟수와 실행 시간
#
# MobileNet의 곱셈-누산은 표준 합성곱 버전의 약 8분의 1입니다(2강). 그러면 속도도 8배 빠를까요? 이번 강의에서는 실행 시간을 측정해 보고, 측정 결과로 무엇을 말할 수 있고 무엇을 말할 수 없는지 배웁니다.
#
# 이 강의를 마치면
#
# - 두 프로그램을 공정하게 비교할 수 있도록 시간을 측정하고, 측정 결과로 결론을 내릴 수 없는 경우를 구별할 수 있습니다.
# - 한 층의 산술 강도를 손으로 계산하고 루프라인 그림을 읽을 수 있습니다.
# - 곱셈-누산이 적은 층도 실행 시간은 많이 차지할 수 있는 이유를 설명할 수 있습니다.
#
# 강의 시간은 연습 문제와 부록을 빼고 약 60분입니다. 1부와 2부로 나뉘어 있고 그 사이에 쉬는 시간이 있습니다. 2강과 3강의 내용을 알고 있으면 됩니다. 다른 프로그램도 프로세서를 사용하므로 시작하기 전에 닫아 두세요.
#
# **이 강의에 나오는 횟수는 어느 컴퓨터에서나 같습니다. 시간은 그렇지 않습니다.** 컴퓨터마다 다르고, 실행할 때마다 다릅니다. 그래서 본문에는 시간을 적지 않았습니다. 코드가 측정한 결과를 비교해서 결론을 출력합니다. 결론을 내릴 수 없으면 그렇다고 출력합니다.

# %%
WHEEL = ""  # in Colab or JupyterLite: the address of npmobile's wheel, or the name of the file that you uploaded
try:
    import npmobile as nm
except ImportError as error:
    if not WHEEL:
        raise ImportError("install npmobile first: pip install . in its folder, or name its wheel above") from error
    # %pip install -q {WHEEL}
    import npmobile as nm
import sys
from fractions import Fraction

import numpy as np

from npmobile.fast import timing

_ = nm.language.use("en")

# %% [markdown] lang="en"
# # Part 1: one layer
#
# ## When does a measurement answer a question?
#
# We want to know whether program B is more than 3 times faster than program A. One run of each is not enough: another program may have used the processor at that moment. So we measure like this:
#
# - We run A and B **in turn**: A, B, A, B and so on. Each pass through both is a **round**. If something slows the computer for a while, it slows both.
# - We do not count the first round. In it arrays are made, and numbers are brought into the **cache**, a small and fast memory in the processor that keeps what was used last.
# - In each round we divide the time of A by the time of B. Of all these ratios we take the **median**: we sort them and take the one in the middle (or the mean of the two in the middle).
# - We also look at the **spread**: we leave out a quarter of the sorted ratios at each end (rounded down), and go from the smallest to the largest of the others. This is about the middle half of the ratios.
#
# Here are ten ratios that we made up: 2.2, 2.0, 2.1, 2.3, 2.2, 2.1, 9.0, 2.4, 2.2, 2.3.
#
# **Predict first.** Sort them on paper. What are the mean, the median and the spread?

# %% [markdown] lang="ko" of="f3c65d05"
# # 1부: 한 층
#
# ## 측정으로 답할 수 있는 질문
#
# 측정 결과로 언제 결론을 내릴 수 있을까요? 프로그램 B가 A보다 3배 넘게 빠른지 알고 싶다고 합시다. 한 번씩 실행해 보는 것으로는 부족합니다. 하필 그때 다른 프로그램이 프로세서를 사용했을 수도 있기 때문입니다. 그래서 다음과 같이 측정합니다.
#
# - A와 B를 **번갈아** 실행합니다. A, B, A, B, ...의 순서입니다. 둘을 한 번씩 실행하는 것을 **라운드**(round)라고 합시다. 컴퓨터가 한동안 느려지더라도 둘 다 똑같이 느려집니다.
# - 첫 라운드는 세지 않습니다. 이때는 배열을 새로 만들고 **캐시**(cache)를 채웁니다. 캐시는 프로세서 안에 있는 작고 빠른 메모리이고, 최근에 사용한 데이터를 담아 둡니다.
# - 라운드마다 A의 시간을 B의 시간으로 나눕니다. 이 비율들의 **중앙값**(median)을 구합니다. 크기순으로 늘어놓았을 때 한가운데 있는 값입니다(가운데가 두 개이면 그 평균).
# - **퍼진 범위**(spread)도 봅니다. 비율을 크기순으로 늘어놓고 양 끝에서 4분의 1씩(개수는 버림) 뺀 다음, 남은 것 가운데 가장 작은 값부터 가장 큰 값까지의 범위입니다. 비율의 가운데 절반쯤이 이 범위에 들어갑니다.
#
# 예를 들어 다음과 같은 비율 10개가 있다고 합시다(설명하려고 만든 값입니다). 2.2, 2.0, 2.1, 2.3, 2.2, 2.1, 9.0, 2.4, 2.2, 2.3
#
# **먼저 예상해 보세요.** 종이에 크기순으로 적어 보세요. 평균(mean), 중앙값, 퍼진 범위는 각각 얼마일까요?

# %% jupyter={"outputs_hidden": true}
made_up = timing.spread([2.2, 2.0, 2.1, 2.3, 2.2, 2.1, 9.0, 2.4, 2.2, 2.3])
print(f"mean {np.mean([2.2, 2.0, 2.1, 2.3, 2.2, 2.1, 9.0, 2.4, 2.2, 2.3]):.2f}")
print(f"median {made_up.median}, spread {made_up.low} to {made_up.high}")
assert made_up[:3] == (2.2, 2.1, 2.3), "leave out 2.0, 2.1 and 2.4, 9.0; both in the middle are 2.2"

# %% [markdown] lang="en"
# The mean is 2.88, larger than nine of the ten ratios, because of the single 9.0. The median is 2.2 and the spread is 2.1 to 2.3. Both would be the same if the 9.0 were 3.0.
#
# Our rule: we say that a ratio is less than 3 only if the **whole spread** is less than 3. If 3 lies inside the spread, this run cannot tell. We also want at least 7 rounds.
#
# **Predict first.** What can we say about the ten ratios and the values 3, 2 and 2.2?

# %% [markdown] lang="ko" of="81535677"
# 평균은 2.88로, 10개 가운데 9개보다 큽니다. 9.0 하나 때문입니다. 중앙값은 2.2이고 퍼진 범위는 2.1~2.3입니다. 이 둘은 9.0이 3.0으로 바뀌어도 그대로입니다.
#
# 규칙을 정합시다. 비율이 3보다 작다는 결론은 **퍼진 범위 전체**가 3보다 작을 때만 내립니다. 3이 범위 안에 있으면 이번 측정으로는 알 수 없습니다. 라운드도 7번 이상이어야 합니다. 결론은 다음과 같이 출력됩니다.
#
# | 출력 | 뜻 |
# |---|---|
# | measured 2.20 (2.10 to 2.30) | 측정 결과: 중앙값(퍼진 범위) |
# | less than | 비교한 값보다 작다 |
# | more than | 비교한 값보다 크다 |
# | this run cannot tell | 이번 측정으로는 알 수 없다 |
# | ... is inside | 비교한 값이 퍼진 범위 안에 있다 |
#
# **먼저 예상해 보세요.** 위의 비율 10개를 3, 2, 2.2와 비교하면 각각 어떤 결론을 내릴 수 있을까요?

# %% jupyter={"outputs_hidden": true}
for value in (3, 2, 2.2):
    print(timing.conclusion(made_up, value))

# %% [markdown] lang="en"
# The third answer is not a failure. It is the correct answer on a busy computer, and it tells you to measure again.
#
# One warning: the spread shows only what changed during the run. If another program uses the memory all the time, all rounds are slower alike, and the spread stays small.

# %% [markdown] lang="ko" of="2cfaada6"
# 세 번째 결론은 실패가 아닙니다. 다른 프로그램이 함께 실행되고 있다면 그것이 올바른 결론이고, 다시 측정해야 한다는 뜻입니다.
#
# 한 가지 주의할 점이 있습니다. 퍼진 범위에는 측정하는 동안 달라진 것만 나타납니다. 다른 프로그램이 내내 메모리를 사용하고 있었다면 모든 라운드가 똑같이 느려지고, 그래도 퍼진 범위는 좁습니다.

# %% [markdown] lang="en"
# ## How many cores do we compare?
#
# NumPy does not compute large matrix products itself. It calls a library, the **BLAS** (basic linear algebra subprograms), which is written for the processor of the computer. BLAS can divide a product among several cores; the work on each core is a **thread**. The depthwise step is not a matrix product, so NumPy computes it on one core. If we compared the two as they are, we would compare several cores with one.
#
# So we hold BLAS to one thread for all measurements below. The setting `OPENBLAS_NUM_THREADS` would have to be made before NumPy is imported, and that is too late now. The package `threadpoolctl` can do it while a program runs. Where it is not installed, the cell says so, and then every conclusion below carries a warning.
#
# **In a browser** (JupyterLite) there is one thread and no BLAS, and everything takes longer. There the code below makes 7 rounds instead of 20, leaves out the times of single layers, and uses a smaller network at the end.

# %% [markdown] lang="ko" of="e93c9888"
# ## 측정에 쓰는 코어 수
#
# 두 프로그램은 같은 수의 코어를 쓰고 있을까요? NumPy는 큰 행렬 곱을 직접 계산하지 않고 **BLAS**(basic linear algebra subprograms)라는 라이브러리를 호출합니다. 프로세서에 맞추어 만든 라이브러리입니다. BLAS는 행렬 곱 하나를 코어 여러 개에 나누어 계산하기도 합니다. 이때 코어마다 실행하는 작업을 **스레드**(thread)라고 합니다. 그런데 깊이별 단계는 행렬 곱이 아니어서 NumPy가 코어 하나로 계산합니다. 그대로 측정하면 코어 여러 개의 속도와 코어 하나의 속도를 비교하게 됩니다.
#
# 그래서 지금부터 모든 측정에서 BLAS가 스레드를 하나만 쓰게 합니다. `OPENBLAS_NUM_THREADS`라는 설정은 NumPy를 불러오기 전에 해야 하므로 지금은 늦었습니다. `threadpoolctl` 패키지를 쓰면 실행 중에도 바꿀 수 있습니다. 다음 셀은 결과를 이렇게 출력합니다.
#
# | 출력 | 뜻 |
# |---|---|
# | everything runs on one thread | 모든 계산을 스레드 하나로 실행합니다 |
# | BLAS may use several threads | BLAS가 스레드를 여러 개 쓸 수도 있습니다. 뒤에 이유가 나옵니다 |
# | threadpoolctl is not installed | threadpoolctl이 설치되어 있지 않습니다 |
# | threadpoolctl does not know this BLAS | threadpoolctl이 이 BLAS의 스레드를 바꿀 수 없습니다 |
# | (not on one thread) | 두 번째 줄의 경우에 모든 결론 뒤에 붙는 경고. 스레드 하나로 측정한 결과가 아닙니다 |
#
# **브라우저**(JupyterLite)에는 스레드가 하나뿐이고 BLAS가 없어서 모든 계산이 더 오래 걸립니다. 그래서 브라우저에서는 라운드를 20번이 아니라 7번만 하고, 층 하나하나의 시간은 재지 않으며, 마지막에는 더 작은 네트워크를 씁니다.

# %%
in_browser = sys.platform == "emscripten"  # JupyterLite: no threads, and NumPy has no BLAS
rounds, at_least = (7, 0.05) if in_browser else (20, 0)  # a coarse clock: repeat short calls
try:
    from threadpoolctl import threadpool_info, threadpool_limits

    threadpool_limits(limits=1, user_api="blas")  # holds until the notebook ends
    threads = {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}
    one_thread, why = in_browser or threads == {1}, "threadpoolctl does not know this BLAS"
except ImportError:
    one_thread, why = in_browser, "threadpoolctl is not installed"
print("everything runs on one thread" if one_thread else f"BLAS may use several threads: {why}")


# %%
def tell(what, measured, value, form=".2f"):
    warning = "" if one_thread else " (not on one thread)"
    print(f"{what}: {timing.conclusion(measured, value, form)}{warning}")


# %% [markdown] lang="en"
# ## Is the split layer as many times faster as the mult-adds say?
#
# We take the last layer of the paper's Table 3 (lesson 2): $D_K = 3$, $M = N = 384$, $D_F = 10$. How many times more mult-adds does the standard convolution make than the two steps together? By the law of lesson 2 it is
#
# $$\frac{\text{standard}}{\text{depthwise} + \text{pointwise}} = \frac{1}{\frac{1}{N} + \frac{1}{D_K^2}}$$
#
# With $N = 384$ and $D_K = 3$ this is 8.79. We run the three convolutions and count:

# %% [markdown] lang="ko" of="b56b49c7"
# ## 한 층의 연산 횟수와 시간
#
# 층을 둘로 나누면 연산 횟수가 줄어든 만큼 빨라질까요? 논문 표 3의 마지막 층(2강)을 봅시다. $D_K = 3$, $M = N = 384$, $D_F = 10$입니다. 표준 합성곱의 곱셈-누산은 두 단계를 합친 것의 몇 배일까요? 2강의 식에 따르면 다음과 같습니다.
#
# $$\frac{\text{표준}}{\text{깊이별} + \text{점별}} = \frac{1}{\frac{1}{N} + \frac{1}{D_K^2}}$$
#
# $N = 384$, $D_K = 3$이면 8.79배입니다. 합성곱 세 가지를 실행해서 세어 봅시다. 출력에서 standard는 표준, depthwise는 깊이별, pointwise는 점별, ratio는 비율입니다.

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
counted = Fraction(counts["standard"], counts["depthwise"] + counts["pointwise"])
print(*(f"{name} {count:,}" for name, count in counts.items()), f"ratio {float(counted):.2f}", sep=", ")
assert 1 / counted == nm.cost.separable_ratio(D_K=3, N=384), "did all three run on the same x?"

# %% [markdown] lang="en"
# **Predict first.** Now we divide the *time* of the standard convolution by the time of the two steps together. Will this ratio be less than 8.79, more, or about the same?

# %% [markdown] lang="ko" of="8838806f"
# **먼저 예상해 보세요.** 이번에는 표준 합성곱의 **시간**을 두 단계를 합친 시간으로 나눕니다. 이 비율은 8.79보다 작을까요, 클까요, 비슷할까요? (출력의 times faster는 "몇 배 빠른가", 즉 시간의 비율입니다.)

# %% jupyter={"outputs_hidden": true}
times = timing.interleaved(runs, rounds, at_least=at_least)  # seconds of one call, in each round
ratios = [s / (d + p) for s, d, p in zip(times["standard"], times["depthwise"], times["pointwise"])]
tell("times faster", timing.spread(ratios), counted)

# %% [markdown] lang="en"
# If your run says `less`, then the split saved less time than mult-adds. If it says `cannot tell`, close other programs and run the cell again. Whatever it says: the counted ratio is the same in each run, and the measured one is not.
#
# Next we ask how many mult-adds per second each of the three convolutions makes.
#
# **Predict first.** Does the depthwise step make more mult-adds per second than the pointwise step, fewer, or the same number?

# %% [markdown] lang="ko" of="2ebfe419"
# 출력이 `less`라면 연산 횟수가 줄어든 만큼 시간이 줄어들지는 않은 것입니다. `cannot tell`이라면 다른 프로그램을 닫고 셀을 다시 실행해 보세요. 어느 쪽이든, 연산 횟수의 비율은 실행할 때마다 똑같지만 시간의 비율은 그렇지 않습니다.
#
# 다음으로 합성곱 세 가지가 초당 곱셈-누산을 몇 번 하는지 알아봅시다. 이것을 속도(rate)라고 하겠습니다. 출력의 billion per second는 "초당 10억 번"이라는 단위이고, 마지막 줄은 깊이별 단계의 속도를 점별 단계의 속도로 나눈 값을 1과 비교한 결론입니다.
#
# **먼저 예상해 보세요.** 초당 곱셈-누산은 깊이별 단계가 점별 단계보다 많을까요, 적을까요, 같을까요?

# %% jupyter={"outputs_hidden": true}
rates = {}
for name, seconds in times.items():
    rates[name] = [counts[name] / second / 1e9 for second in seconds]
    rate = timing.spread(rates[name])
    print(f"{name:10} {counts[name]:11,} mult-adds, {rate.median:5.1f}", end=" ")
    print(f"({rate.low:.1f} to {rate.high:.1f}) billion per second")
slower = timing.spread(d / p for d, p in zip(rates["depthwise"], rates["pointwise"]))
tell("rate of the depthwise step / rate of the pointwise step", slower, 1)

# %% [markdown] lang="en"
# A mult-add is a unit of work and not a unit of time. If the last line says `less`, then each mult-add of the depthwise step took more time than one of the pointwise step. Two causes are possible, and the rest of this lesson is about them:
#
# - The pointwise step and the standard convolution are matrix products in BLAS. The depthwise step runs in a general loop of NumPy, which uses less of the processor.
# - The depthwise step has to wait for memory. We look at this one first.

# %% [markdown] lang="ko" of="0d70498b"
# 곱셈-누산은 연산량의 단위이지 시간의 단위가 아닙니다. 마지막 줄이 `less`라면 깊이별 단계의 곱셈-누산 한 번이 점별 단계의 한 번보다 오래 걸린 것입니다. 원인은 두 가지를 생각할 수 있습니다. 앞으로 하나씩 살펴봅니다.
#
# - 점별 단계와 표준 합성곱은 BLAS의 행렬 곱으로 계산합니다. 깊이별 단계는 NumPy의 일반적인 반복문으로 계산하므로 프로세서의 성능을 다 쓰지 못합니다.
# - 깊이별 단계는 메모리에서 데이터가 오기를 기다려야 합니다. 이것부터 살펴봅시다.

# %% [markdown] lang="en"
# ## How many mult-adds does each byte allow?
#
# Before numbers can be multiplied, they must be brought from memory to the processor, and the results must be written back. Suppose that each number of the input, of the kernel and of the output moves only once. In float32 each takes 4 bytes:
#
# $$\text{bytes} = 4 \, \bigl( D_F^2 \cdot M + \text{parameters} + D_G^2 \cdot N \bigr)$$
#
# The **arithmetic intensity** of a layer is its mult-adds divided by these bytes. A layer with a low intensity needs many bytes for little work.
#
# By hand: a depthwise convolution with $D_K = 3$ and padding `"same"` on 4 x 4 pixels with $M = 1$ channel. It makes $3 \cdot 3 \cdot 16 = 144$ mult-adds. The input has 16 numbers, the kernel 9 and the output 16, so it moves $4 \cdot 41 = 164$ bytes. The intensity is $144 / 164 = 0.88$.
#
# **Predict first.** What is the intensity of the same layer with $M = 64$ channels? And of a pointwise convolution with $M = N = 64$ on 4 x 4 pixels?

# %% [markdown] lang="ko" of="b5b1dacb"
# ## 산술 강도
#
# 1바이트를 옮길 때마다 곱셈-누산을 몇 번 할 수 있을까요? 숫자를 곱하려면 먼저 메모리에서 프로세서로 가져와야 하고, 결과는 다시 메모리에 써야 합니다. 입력, 커널, 출력의 원소를 각각 한 번씩만 옮긴다고 합시다. float32는 원소 하나가 4바이트입니다.
#
# $$\text{바이트} = 4 \, \bigl( D_F^2 \cdot M + \text{매개변수 수} + D_G^2 \cdot N \bigr)$$
#
# 곱셈-누산 횟수를 이 바이트 수로 나눈 것을 층의 **산술 강도**(arithmetic intensity)라고 합니다. 산술 강도가 낮은 층은 연산량에 비해 많은 바이트를 옮깁니다.
#
# 손으로 계산해 봅시다. 4 x 4 픽셀에 채널이 $M = 1$개인 입력에 $D_K = 3$, 패딩 `"same"`인 깊이별 합성곱을 합니다. 곱셈-누산은 $3 \cdot 3 \cdot 16 = 144$번입니다. 입력은 16개, 커널은 9개, 출력은 16개이므로 $4 \cdot 41 = 164$바이트를 옮깁니다. 산술 강도는 $144 / 164 = 0.88$입니다.
#
# **먼저 예상해 보세요.** 같은 층에서 채널이 $M = 64$개이면 산술 강도는 얼마일까요? 4 x 4 픽셀에 $M = N = 64$인 점별 합성곱은 얼마일까요?

# %% jupyter={"outputs_hidden": true}
for kind, D_K, M in (("depthwise", 3, 1), ("depthwise", 3, 64), ("pointwise", 1, 64)):
    layer = nm.Layer("small", kind, D_K=D_K, stride=1, M=M, N=M, D_F=4)
    count, moved = nm.cost.mult_adds(layer), timing.bytes_moved(layer)
    print(f"{kind}, {M:2} channels: {count:6,} mult-adds / {moved:6,} bytes = {count / moved:.2f}")
assert (count, moved) == (64 * 64 * 16, 4 * (16 * 64 + 64 * 64 + 16 * 64)), "the kernel has M * N numbers"

# %% [markdown] lang="en"
# With 64 channels the depthwise layer has 64 times the mult-adds and 64 times the bytes, so its intensity stays at 0.88. That of the pointwise layer is 2.67. To see why, we write both with letters, for stride 1 and $M = N$:
#
# $$\text{depthwise: } \frac{D_K^2 \cdot M \cdot D_F^2}{4 \, (2 \cdot M \cdot D_F^2 + D_K^2 \cdot M)} < \frac{D_K^2}{8} \qquad
# \text{pointwise: } \frac{M^2 \cdot D_F^2}{4 \, (2 \cdot M \cdot D_F^2 + M^2)} < \frac{M}{8}$$
#
# The bound on the right is what is left if we drop the kernel below the fraction bar. For 3 x 3 kernels the depthwise bound is $\frac{9}{8}$: more channels or a larger image do not raise it. The pointwise bound grows with the number of channels, because each number of the input is used for all $N$ outputs.
#
# **Predict first.** Block 7 of MobileNet has 512 channels and 14 x 14 pixels. How close do its two layers come to their bounds, $\frac{9}{8} = 1.125$ and $\frac{512}{8} = 64$? Does any depthwise layer of MobileNet have a higher intensity than any other layer?

# %% [markdown] lang="ko" of="2e41d4f6"
# 채널이 64개가 되면 곱셈-누산도 64배, 바이트도 64배가 되므로 깊이별 층의 산술 강도는 그대로 0.88입니다. 점별 층은 2.67입니다. 이유를 알아보기 위해, 스트라이드가 1이고 $M = N$일 때의 식을 써 봅시다.
#
# $$\text{깊이별: } \frac{D_K^2 \cdot M \cdot D_F^2}{4 \, (2 \cdot M \cdot D_F^2 + D_K^2 \cdot M)} < \frac{D_K^2}{8} \qquad
# \text{점별: } \frac{M^2 \cdot D_F^2}{4 \, (2 \cdot M \cdot D_F^2 + M^2)} < \frac{M}{8}$$
#
# 부등호 오른쪽의 상한은 분모에서 커널에 해당하는 항을 없애면 나옵니다. 3 x 3 커널이면 깊이별 층의 상한은 $\frac{9}{8}$입니다. 채널을 늘리거나 이미지를 키워도 커지지 않습니다. 점별 층의 상한은 채널 수에 비례해서 커집니다. 입력 원소 하나를 출력 채널 $N$개의 계산에 모두 사용하기 때문입니다.
#
# **먼저 예상해 보세요.** MobileNet의 7번 블록은 채널이 512개이고 14 x 14 픽셀입니다. 두 층의 산술 강도는 상한 $\frac{9}{8} = 1.125$와 $\frac{512}{8} = 64$에 얼마나 가까울까요? MobileNet의 깊이별 층 가운데 다른 종류의 층보다 산술 강도가 높은 것이 하나라도 있을까요?

# %% jupyter={"outputs_hidden": true}
layers = nm.mobilenet()[:-2]  # without pool and classifier: the convolutions
intensity = {layer.name: Fraction(nm.cost.mult_adds(layer), timing.bytes_moved(layer)) for layer in layers}
print(f"conv_dw_7 {float(intensity['conv_dw_7']):.2f}, conv_pw_7 {float(intensity['conv_pw_7']):.2f}")
for layer in layers:
    assert (intensity[layer.name] < Fraction(9, 8)) == (layer.kind == "depthwise"), f"{layer.name}: is D_K 3?"
others = [float(intensity[layer.name]) for layer in layers if layer.kind != "depthwise"]
print(f"the lowest of all other layers: {min(others):.2f}")

# %% [markdown] lang="en"
# The depthwise layer has 1.10, close to its bound. The pointwise layer has 27.75, because its kernel of $512 \cdot 512$ numbers is larger than its input. All depthwise layers are below $\frac{9}{8}$, and all other layers are far above.
#
# **Predict first.** The depthwise layers make 3 % of the mult-adds of the convolutions. Which share of the bytes do they move?

# %% [markdown] lang="ko" of="88287f7b"
# 깊이별 층은 1.10으로 상한에 가깝습니다. 점별 층은 원소가 $512 \cdot 512$개인 커널이 입력보다 크기 때문에 27.75입니다. 깊이별 층은 모두 $\frac{9}{8}$보다 낮고, 나머지 층은 가장 낮은 것(the lowest)도 4.90으로 훨씬 높습니다.
#
# **먼저 예상해 보세요.** 깊이별 층은 합성곱 전체의 곱셈-누산에서 3%를 차지합니다. 옮기는 바이트에서는 몇 %를 차지할까요?


# %%
def share(what, kind, layers):
    return sum(what(layer) for layer in layers if layer.kind == kind) / sum(what(layer) for layer in layers)


# %% jupyter={"outputs_hidden": true}
kinds = ("standard", "depthwise", "pointwise")
for kind in kinds:
    work, moved = (share(what, kind, layers) for what in (nm.cost.mult_adds, timing.bytes_moved))
    print(f"{kind:10} {work:6.1%} of the mult-adds, {moved:6.1%} of the bytes")

# %% [markdown] lang="en"
# The depthwise layers make 3.1 % of the mult-adds but move 37.7 % of the bytes.
#
# ## End of part 1: a break
#
# - We compare times in turn, take the median, and conclude only if the whole spread agrees.
# - A mult-add is a unit of work. How long it takes depends on the layer.
# - Depthwise layers have an intensity below $\frac{9}{8}$ mult-adds per byte. All other layers of MobileNet have at least 4.9 (at 224 x 224).

# %% [markdown] lang="ko" of="55a4669a"
# 깊이별 층은 곱셈-누산의 3.1%를 차지하지만, 옮기는 바이트의 37.7%를 차지합니다.
#
# ## 1부의 정리와 휴식
#
# - 번갈아 측정하고, 중앙값을 구하고, 퍼진 범위 전체가 비교한 값보다 작거나 클 때만 결론을 내립니다.
# - 곱셈-누산은 연산량의 단위입니다. 시간이 얼마나 걸리는지는 층에 따라 다릅니다.
# - 깊이별 층의 산술 강도는 바이트당 곱셈-누산 $\frac{9}{8}$번보다 낮습니다. MobileNet의 나머지 층은 모두 4.9번 이상입니다(224 x 224에서).

# %% [markdown] lang="en"
# # Part 2: the whole network
#
# ## How long does each layer take?
#
# We time MobileNet and its standard-convolution version layer by layer, in turn. The images have 128 x 128 pixels, and the weights are random, because the time does not depend on their values. The convolutions are those of `nm.fast`, which `Model.predict` uses. They make the same mult-adds as `nm.conv` and move fewer bytes (the appendix explains how). The time of a layer includes its bias and ReLU6.
#
# In a browser this part shows only what is counted. There the clock ticks too coarsely to time a single layer.

# %% [markdown] lang="ko" of="0def65fa"
# # 2부: 네트워크 전체
#
# ## 층마다 걸리는 시간
#
# 층마다 시간이 얼마나 걸릴까요? MobileNet과 표준 합성곱 버전을 번갈아 실행하면서 층마다 시간을 측정합니다. 이미지는 128 x 128 픽셀이고 가중치는 무작위입니다. 가중치가 달라도 시간은 같기 때문입니다. 합성곱은 `Model.predict`가 사용하는 `nm.fast`로 계산합니다. `nm.conv`와 곱셈-누산은 같고 옮기는 바이트는 더 적습니다(방법은 부록에서 설명합니다). 층의 시간에는 편향과 ReLU6도 들어 있습니다.
#
# 브라우저에서는 시계의 눈금이 너무 커서 층 하나의 시간을 잴 수 없습니다. 그래서 2부에서는 연산 횟수만 보여 줍니다.

# %%
networks = [nm.mobilenet(resolution=128, separable=separable)[:-2] for separable in (True, False)]
skipped = "skipped in a browser: its clock ticks too coarsely to time a single layer"
measured = None if in_browser else timing.in_turn(networks, rounds)
if measured:
    assert all(timed.mult_adds == nm.cost.mult_adds(timed.layer) for timed in measured[0]), "executed count"
print(timing.as_text(measured[0]) if measured else skipped)

# %% [markdown] lang="en"
# Each line is one layer: its mult-adds, the bytes that it moves, the intensity, the median time in milliseconds (ms), and the rate in billions of mult-adds per second. Compare the last two columns of each `conv_dw` with those of the `conv_pw` below it.
#
# **Predict first.** Which share of the time do the depthwise layers take: 3 %, like their mult-adds, or more?

# %% [markdown] lang="ko" of="2424d228"
# 한 줄이 한 층이고, 마지막 줄(total)은 합계입니다.
#
# | 열 | 뜻 |
# |---|---|
# | layer | 층 |
# | mult-adds | 곱셈-누산 횟수 |
# | bytes moved | 옮긴 바이트 |
# | mult-adds / byte | 산술 강도 |
# | ms | 시간의 중앙값(밀리초) |
# | 10^9 mult-adds / s | 속도: 초당 곱셈-누산(10억 번) |
#
# `conv_dw`마다 바로 아래 `conv_pw`와 마지막 두 열을 비교해 보세요.
#
# **먼저 예상해 보세요.** 깊이별 층은 시간의 몇 %를 차지할까요? 곱셈-누산처럼 3%일까요, 아니면 더 많을까요? (출력의 of the mult-adds와 of the bytes는 곱셈-누산과 바이트에서 차지하는 비중, share of the time은 시간에서 차지하는 비중입니다.)

# %% jupyter={"outputs_hidden": true}
time_shares = {}
for kind in kinds:
    work, moved = (share(what, kind, networks[0]) for what in (nm.cost.mult_adds, timing.bytes_moved))
    print(f"{kind}: {work:.1%} of the mult-adds, {moved:.1%} of the bytes")
    if measured:
        seconds = np.array([timed.rounds for timed in measured[0]])  # (layers, rounds)
        mine = [timed.layer.kind == kind for timed in measured[0]]
        time_shares[kind] = timing.spread(seconds[mine].sum(axis=0) / seconds.sum(axis=0))
        tell("    share of the time", time_shares[kind], work, ".1%")

# %% [markdown] lang="en"
# Each last line compares the share of the time with the share of the mult-adds. If it says `more` for the depthwise layers, they took more of the time than of the work. Compare it also with their share of the bytes.
#
# The paper says in section 3.2 that MobileNet "spends 95% of it's computation time in 1 x 1 convolutions", and refers to Table 2. But Table 2 counts mult-adds. Is it also true of the time, on your computer?

# %% [markdown] lang="ko" of="212d6ed2"
# share of the time으로 시작하는 줄은 시간의 비중을 곱셈-누산의 비중과 비교한 결론입니다. 깊이별 층에서 `more`라면 시간의 비중이 곱셈-누산의 비중보다 큰 것입니다. 바이트의 비중과도 비교해 보세요.
#
# 논문 3.2절에는 MobileNet이 "계산 시간의 95%를 1 x 1 합성곱에 쓴다"고 되어 있고, 근거로 표 2를 듭니다. 그런데 표 2는 곱셈-누산을 센 표입니다. 여러분의 컴퓨터에서는 시간도 95%일까요?

# %%
if measured:
    tell("share of the time in pointwise layers", time_shares["pointwise"], 0.95, ".1%")
else:
    print(skipped)

# %% [markdown] lang="en"
# ## What limits the speed of a layer?
#
# Two things limit how many mult-adds a layer can make per second. The processor can multiply only so fast, and the memory can deliver only so many bytes per second. Each byte allows as many mult-adds as the intensity says. So
#
# $$\text{mult-adds per second} \;\le\; \min\bigl(\text{product rate},\;\; \text{intensity} \cdot \text{bytes per second}\bigr)$$
#
# We measure both: the product rate with a large matrix product, and the bytes per second by copying an array that is too large for most caches. The two limits are equal at the intensity $\text{product rate} / \text{bytes per second}$. Below this intensity the memory is the lower limit, above it the product is.

# %% [markdown] lang="ko" of="816a8c01"
# ## 속도의 두 가지 한계
#
# 층의 속도는 무엇 때문에 제한될까요? 초당 곱셈-누산 횟수의 한계는 두 가지입니다. 프로세서의 곱셈 속도에 한계가 있고, 메모리에서 1초에 옮길 수 있는 바이트에도 한계가 있습니다. 1바이트를 옮길 때마다 산술 강도만큼 곱셈-누산을 할 수 있으므로 다음과 같습니다.
#
# $$\text{초당 곱셈-누산} \;\le\; \min\bigl(\text{행렬 곱의 속도},\;\; \text{산술 강도} \cdot \text{초당 바이트}\bigr)$$
#
# 둘 다 측정합니다. 행렬 곱의 속도는 큰 행렬 곱으로, 초당 바이트는 대부분의 캐시에 들어가지 않을 만큼 큰 배열을 복사해서 잽니다. 두 한계는 산술 강도가 $\text{행렬 곱의 속도} / \text{초당 바이트}$일 때 같습니다. 산술 강도가 이보다 낮으면 메모리의 한계가 더 낮고, 이보다 높으면 행렬 곱의 한계가 더 낮습니다.
#
# | 출력 | 뜻 |
# |---|---|
# | product ... billion mult-adds / s | 행렬 곱의 속도: 초당 곱셈-누산(10억 번) |
# | copy ... billion bytes / s | 복사 속도: 초당 바이트(10억 바이트) |
# | mult-adds / byte where they cross | 두 한계가 같아지는 산술 강도 |
# | a layer was faster than the product ... | 행렬 곱보다 빠른 층이 있었으므로 이번 측정은 믿을 수 없습니다 |

# %%
if measured:
    machines = [timing.machine(rounds=3, side=384, megabytes=32) for _ in range(rounds)]
    products = timing.spread(machine.product_rate / 1e9 for machine in machines)
    copies = timing.spread(machine.copy_rate / 1e9 for machine in machines)
    crossing = timing.spread(machine.product_rate / machine.copy_rate for machine in machines)
    print(f"product: {products.median:.1f} ({products.low:.1f} to {products.high:.1f}) billion mult-adds / s")
    print(f"copy: {copies.median:.1f} ({copies.low:.1f} to {copies.high:.1f}) billion bytes / s")
    tell("mult-adds / byte where they cross", crossing, Fraction(9, 8))
    if products.high * 1e9 < max(timed.rate for timed in measured[0]):
        print("this run cannot tell: a layer was faster than the product that should be its limit")
else:
    print(skipped)

# %% [markdown] lang="en"
# If the third line says `more`, then the memory is the lower limit for all depthwise layers, because their intensity is below $\frac{9}{8}$. (If a fourth line says that this run cannot tell, the computer was busy while the product was measured. Run the cell again.)
#
# The figure shows all layers under the two limits. It is called a **roofline** figure. Both axes are logarithmic.

# %% [markdown] lang="ko" of="9f8b9115"
# 세 번째 줄은 두 한계가 같아지는 산술 강도를 $\frac{9}{8}$와 비교한 결론입니다. `more`라면, 산술 강도가 $\frac{9}{8}$보다 낮은 깊이별 층에서는 모두 메모리의 한계가 더 낮습니다. (이번 측정으로는 알 수 없다는 네 번째 줄이 나오면, 행렬 곱을 측정하는 동안 다른 프로그램이 프로세서를 사용한 것입니다. 셀을 다시 실행해 보세요.)
#
# 모든 층을 두 한계와 함께 그려 봅시다. 이런 그림을 **루프라인**(roofline) 그림이라고 합니다. 두 한계를 나타내는 선이 지붕처럼 생겼기 때문입니다. 두 축 모두 로그 눈금입니다.

# %%
if measured:
    machine = timing.Machine(products.median * 1e9, copies.median * 1e9)
nm.plots.roofline(measured[0], machine) if measured else skipped

# %% [markdown] lang="en"
# How to read it:
#
# - A point on the sloping line waits for memory. Only fewer bytes would make the layer faster.
# - A point on the flat line uses the processor as well as a large matrix product does.
# - A point far below both lines is limited by something else. For a depthwise layer this can be the general loop of NumPy.
# - A point *above* the sloping line is not a mistake. A small layer finds its input in a cache, where the layer before has just written it, and need not wait for the memory.
#
# The next cell counts these cases. "Limit" is the lower of the two limits.

# %% [markdown] lang="ko" of="9a03e7f0"
# 그림은 이렇게 읽습니다.
#
# - 점이 기울어진 선에 닿아 있으면 메모리의 한계에 이른 층입니다. 옮기는 바이트를 줄여야만 빨라집니다.
# - 점이 평평한 선에 닿아 있으면 큰 행렬 곱만큼 프로세서를 잘 활용하는 층입니다.
# - 점이 두 선보다 한참 아래에 있으면 다른 원인 때문에 느린 층입니다. 깊이별 층이라면 NumPy의 일반적인 반복문이 원인일 수 있습니다.
# - 점이 기울어진 선보다 **위에** 있어도 측정 오류는 아닙니다. 작은 층의 입력은 바로 앞 층이 방금 캐시에 써 놓은 것이어서 메모리를 기다릴 필요가 없습니다.
#
# 다음 셀은 이런 경우를 층의 종류별로 셉니다. 여기서 한계(limit)는 두 한계 가운데 낮은 것입니다.
#
# | 출력 | 뜻 |
# |---|---|
# | memory is the lower limit for 5 of 13 layers | 층 13개 가운데 5개에서 메모리의 한계가 더 낮습니다 |
# | they reach 10% to 40% of their limit | 층의 속도는 한계의 10%~40%입니다(가장 느린 층과 가장 빠른 층) |

# %%
for kind in kinds if measured else ():
    mine = [timed for timed in measured[0] if timed.layer.kind == kind]
    by_memory = [float(timed.intensity) * machine.copy_rate for timed in mine]
    limits = [min(limit, machine.product_rate) for limit in by_memory]
    reached = [timed.rate / limit for timed, limit in zip(mine, limits)]
    waiting = sum(limit < machine.product_rate for limit in by_memory)
    print(f"{kind}: memory is the lower limit for {waiting} of {len(mine)} layers", end="; ")
    print(f"they reach {min(reached):.0%} to {max(reached):.0%} of their limit")

# %% [markdown] lang="en"
# ## Is MobileNet as many times faster as the mult-adds say?
#
# The standard-convolution version replaces each depthwise and pointwise layer by one standard convolution (Table 4, "Conv MobileNet"). First we count, block by block: how many times more mult-adds does it make, and how many times more bytes does it move?
#
# **Predict first.** In every block the ratio of the mult-adds is between 7 and 9. Is the ratio of the bytes similar?

# %% [markdown] lang="ko" of="d378c92b"
# ## 표준 합성곱 버전과의 비교
#
# MobileNet은 연산 횟수가 줄어든 만큼 빨라졌을까요? 표준 합성곱 버전은 깊이별 층과 점별 층을 표준 합성곱 하나로 바꾼 네트워크입니다(표 4의 "Conv MobileNet"). 먼저 블록마다 세어 봅시다. 표준 합성곱 버전은 MobileNet에 비해 곱셈-누산이 몇 배이고, 옮기는 바이트는 몇 배일까요? (출력의 times는 "배"입니다.)
#
# **먼저 예상해 보세요.** 곱셈-누산의 비율은 모든 블록에서 7과 9 사이입니다. 바이트의 비율도 비슷할까요?


# %%
def ratio(what, number):
    blocks = ([layer for layer in network if layer.name.endswith(f"_{number}")] for network in networks)
    split, full = (sum(what(layer) for layer in block) for block in blocks)
    return Fraction(full, split)


# %% jupyter={"outputs_hidden": true}
for number in range(1, 14):
    work, moved = ratio(nm.cost.mult_adds, number), ratio(timing.bytes_moved, number)
    print(f"block {number:2}: {float(work):.2f} times the mult-adds, {float(moved):.2f} times the bytes")
    assert 7 < work < 9, "1 / (1/N + 1/9) with N from 64 to 1024"

# %% [markdown] lang="en"
# The bytes behave quite differently. In block 1 the standard convolution moves *fewer* bytes than the two steps, because the two steps also write and read the feature map between them. In the last blocks it moves about 8 times as many, because its kernel is about 9 times as large and the feature maps are small.
#
# If memory were the only limit, a block would gain as much time as bytes. If the product rate were the only limit, it would gain as much time as mult-adds.
#
# **Predict first.** For the whole network the mult-adds fall by a factor of 8.57 (without the classifier). Will the time fall by less or by more? Which blocks gain least?

# %% [markdown] lang="ko" of="1b90920c"
# 바이트의 비율은 전혀 다릅니다. 1번 블록에서는 표준 합성곱이 두 단계보다 오히려 **적게** 옮깁니다. 둘로 나누면 두 단계 사이의 특징 맵을 메모리에 썼다가 다시 읽어야 하기 때문입니다. 마지막 두 블록에서는 표준 합성곱이 약 8배를 옮깁니다. 커널이 약 9배 크고 특징 맵은 작기 때문입니다.
#
# 메모리만이 한계라면 시간은 바이트가 줄어든 만큼 줄어들 것입니다. 행렬 곱의 속도만이 한계라면 곱셈-누산이 줄어든 만큼 줄어들 것입니다.
#
# **먼저 예상해 보세요.** 네트워크 전체에서 곱셈-누산은 8.57분의 1로 줄어듭니다(분류기 제외). 시간은 그보다 덜 줄어들까요, 더 줄어들까요? 가장 적게 빨라지는 블록은 어느 것일까요? (출력의 less than counted는 연산 횟수의 비율보다 덜 빨라진 블록, more than counted는 더 빨라진 블록, cannot tell은 알 수 없는 블록의 번호입니다.)

# %% jupyter={"outputs_hidden": true}
if measured:
    *blocks, network = timing.ratios(*measured)  # standard-convolution version / MobileNet, in each round
    tell("the whole network, times faster", network.measured, network.counted)
    for decision in ("less", "more", "cannot tell"):
        names = [block.name for block in blocks if block.measured.decides(block.counted) == decision]
        print(f"{decision} than counted:" if decision != "cannot tell" else f"{decision}:", *names)
else:
    print(skipped)

# %%
nm.plots.speedup([*blocks, network]) if measured else skipped

# %% [markdown] lang="en"
# The plain bars are counted and exact. The hatched bars are medians of your measurements, and the thin black lines are their spreads. Compare the hatched bars with the ratios of the bytes: do the blocks with a small ratio of bytes gain least? Where the spreads are long, the computer was busy, and a comparison of two bars means nothing.
#
# A hatched bar can also be higher than the plain bar beside it. Then the standard convolution of this block is slow for a reason of its own. It first copies its windows into the im2col matrix, 9 times the input, and our count of bytes leaves this out. And its kernel may be too large for the cache: in block 13 it has $9 \cdot 1024 \cdot 1024$ numbers, or 37.7 million bytes.

# %% [markdown] lang="ko" of="c2a991a0"
# 무늬가 없는 막대는 연산 횟수의 비율이고 정확한 값입니다. 빗금 친 막대는 측정한 비율의 중앙값이고, 가는 검은 선이 퍼진 범위입니다. 빗금 친 막대를 바이트의 비율과 비교해 보세요. 바이트의 비율이 작은 블록이 가장 적게 빨라졌나요? 검은 선이 길다면 측정하는 동안 다른 프로그램이 실행된 것이므로 막대끼리 비교해도 의미가 없습니다.
#
# 빗금 친 막대가 옆의 무늬 없는 막대보다 높을 수도 있습니다. 그 블록에서는 표준 합성곱이 다른 이유로도 느린 것입니다. 표준 합성곱은 먼저 윈도우를 im2col 행렬로 복사하는데, 이 행렬은 입력의 9배이고 우리가 센 바이트에는 들어 있지 않습니다. 커널이 너무 커서 캐시에 들어가지 않을 수도 있습니다. 13번 블록의 커널은 원소가 $9 \cdot 1024 \cdot 1024$개이므로 3,770만 바이트입니다.

# %% [markdown] lang="en"
# ## Which number should you report?
#
# - **Mult-adds** are exact, and they are the same on every computer. Two papers can be compared, if they state their conventions (lesson 5). But mult-adds do not say how long a network takes.
# - **Milliseconds** are what the user waits for. But they belong to one computer, one library, one number of threads and one batch size, and to a moment. So state all of these, and the spread.
#
# If a limit is a time, measure it on the device that will run the network.

# %% [markdown] lang="ko" of="31b4e7e5"
# ## 횟수와 시간을 적는 방법
#
# 연산 횟수와 실행 시간 가운데 어느 것을 적어야 할까요?
#
# - **곱셈-누산 횟수**는 정확하고 어느 컴퓨터에서나 같습니다. 집계 방식만 밝히면(5강) 논문끼리 비교할 수 있습니다. 하지만 시간이 얼마나 걸리는지는 알 수 없습니다.
# - **밀리초**는 사용자가 실제로 기다리는 시간입니다. 하지만 특정한 컴퓨터, 라이브러리, 스레드 수, 배치 크기, 그리고 측정한 순간에만 해당하는 값입니다. 그러므로 이것들을 모두 밝히고 퍼진 범위도 함께 적어야 합니다.
#
# 실행 시간에 제한이 있다면 네트워크를 실행할 바로 그 기기에서 측정하세요.

# %% [markdown] lang="en"
# ## Summary
#
# - Compare times in turn, on one thread, over many rounds. Conclude only if the whole spread agrees. Otherwise the run cannot tell.
# - The arithmetic intensity is the number of mult-adds per byte moved. For 3 x 3 depthwise layers it is below $\frac{9}{8}$. For pointwise layers it grows with the number of channels.
# - The depthwise layers make 3 % of the mult-adds and move more than a quarter of the bytes (26 % at 128 x 128, 38 % at 224 x 224).
# - A layer can be limited by the product rate, by the memory, or by the loop that computes it. The roofline figure shows which one is likely.
# - Splitting a layer reduces its mult-adds 7 to 9 times. It can reduce its bytes much less, or even increase them, as in block 1.

# %% [markdown] lang="ko" of="fd0d6730"
# ## 정리
#
# - 시간은 스레드 하나로, 번갈아, 여러 라운드에 걸쳐 측정합니다. 퍼진 범위 전체가 비교한 값보다 작거나 클 때만 결론을 내립니다. 그렇지 않으면 이번 측정으로는 알 수 없습니다.
# - 산술 강도는 1바이트를 옮길 때마다 하는 곱셈-누산 횟수입니다. 3 x 3 깊이별 층에서는 $\frac{9}{8}$보다 낮고, 점별 층에서는 채널이 많을수록 높습니다.
# - 깊이별 층은 곱셈-누산의 3%를 차지하지만, 옮기는 바이트에서는 4분의 1 넘게 차지합니다(128 x 128에서 26%, 224 x 224에서 38%).
# - 층의 속도를 제한하는 것은 행렬 곱의 속도일 수도, 메모리일 수도, 계산에 쓰는 반복문일 수도 있습니다. 루프라인 그림을 보면 어느 것인지 짐작할 수 있습니다.
# - 층을 둘로 나누면 곱셈-누산 횟수는 원래의 7분의 1~9분의 1이 됩니다. 바이트는 훨씬 덜 줄어들 수 있고, 1번 블록처럼 늘어나기도 합니다.

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** By hand: compute the arithmetic intensity of `conv_pw_1` ($M = 32$, $N = 64$, $D_F = 112$). Why is it so much lower than the 27.75 of `conv_pw_7`?
#
# <details><summary>Answer 1</summary>
#
# $32 \cdot 64 \cdot 112^2 = 25{,}690{,}112$ mult-adds, and $4 \cdot (401{,}408 + 2{,}048 + 802{,}816) = 4{,}825{,}088$ bytes: 5.3 mult-adds per byte. Each number of the input is used for only 64 outputs. In `conv_pw_7` it is used for 512.
#
# </details>
#
# **2.** By hand: the bound $\frac{D_K^2}{8}$ holds for a depthwise layer of stride 1. What is the bound at stride 2, where $D_F = 2 D_G$? What is it at stride 1 with $D_K = 5$?
#
# <details><summary>Answer 2</summary>
#
# At stride 2 the input has four times as many numbers as the output, so we divide by $4 \cdot (4 + 1) = 20$ instead of $4 \cdot 2 = 8$: $\frac{9}{20}$. With $D_K = 5$ it is $\frac{25}{8}$. A larger kernel makes more mult-adds for each byte.
#
# </details>
#
# **3.** In block 7 (at 224 x 224) the depthwise layer writes $14 \cdot 14 \cdot 512$ numbers, and the pointwise layer reads them. Some libraries join the two layers, so that these numbers never go to memory. Which share of the 2,672,640 bytes of the block do they save?
#
# <details><summary>Answer 3</summary>
#
# The 100,352 numbers are written once and read once: $2 \cdot 4 \cdot 100{,}352 = 802{,}816$ bytes, which is 30 %.
#
# </details>
#
# **4.** A report says: "Program B is 1.2 times faster than program A. We measured in turn, and the ten ratios were 1.3, 0.9, 1.2, 1.4, 1.1, 1.2, 1.3, 2.5, 1.2, 1.1." By our rule, may it say that B is faster? May it say that B is at least 1.15 times faster? What does the report not tell you?
#
# <details><summary>Answer 4</summary>
#
# We leave out two ratios at each end: 0.9, 1.1 and 1.4, 2.5. The spread is 1.1 to 1.3, and the median is 1.2. The whole spread is above 1, so B was faster. But 1.15 is inside the spread, so about 1.15 these ratios cannot tell. The report does not name the computer, the number of threads, the batch size and the versions of the libraries.
#
# </details>

# %% [markdown] lang="ko" of="f0ca14d8"
# ## 연습 문제
#
# **1.** (손 계산) `conv_pw_1`($M = 32$, $N = 64$, $D_F = 112$)의 산술 강도를 구하세요. 왜 `conv_pw_7`의 27.75보다 훨씬 낮은가요?
#
# <details><summary>1번 답</summary>
#
# 곱셈-누산은 $32 \cdot 64 \cdot 112^2 = 25{,}690{,}112$번이고 바이트는 $4 \cdot (401{,}408 + 2{,}048 + 802{,}816) = 4{,}825{,}088$이므로 바이트당 5.3번입니다. 입력 원소 하나를 출력 채널 64개의 계산에만 사용하기 때문에 낮습니다. `conv_pw_7`에서는 512개의 계산에 사용합니다.
#
# </details>
#
# **2.** (손 계산) 상한 $\frac{D_K^2}{8}$은 스트라이드가 1인 깊이별 층의 상한입니다. 스트라이드가 2이면($D_F = 2 D_G$) 상한이 얼마인가요? 스트라이드 1에서 $D_K = 5$이면 얼마인가요?
#
# <details><summary>2번 답</summary>
#
# 스트라이드가 2이면 입력의 원소가 출력의 4배이므로 $4 \cdot 2 = 8$ 대신 $4 \cdot (4 + 1) = 20$으로 나눕니다. $\frac{9}{20}$입니다. $D_K = 5$이면 $\frac{25}{8}$입니다. 커널이 클수록 바이트당 곱셈-누산이 많습니다.
#
# </details>
#
# **3.** 7번 블록(224 x 224)에서는 깊이별 층이 $14 \cdot 14 \cdot 512$개의 원소를 쓰고 점별 층이 그것을 읽습니다. 어떤 라이브러리는 두 층을 합쳐서 이 원소들을 메모리에 쓰지 않고 계산합니다. 이 블록이 옮기는 2,672,640바이트의 몇 %를 줄일 수 있나요?
#
# <details><summary>3번 답</summary>
#
# 원소 100,352개를 한 번 쓰고 한 번 읽으므로 $2 \cdot 4 \cdot 100{,}352 = 802{,}816$바이트, 30%입니다.
#
# </details>
#
# **4.** 어느 보고서에 이렇게 적혀 있습니다. "프로그램 B가 A보다 1.2배 빠르다. 번갈아 측정했고 비율 10개는 1.3, 0.9, 1.2, 1.4, 1.1, 1.2, 1.3, 2.5, 1.2, 1.1이다." 우리 규칙에 따르면 B가 더 빠르다고 할 수 있나요? 1.15배 넘게 빠르다고 할 수 있나요? 보고서에 빠진 것은 무엇인가요?
#
# <details><summary>4번 답</summary>
#
# 양 끝에서 두 개씩, 즉 0.9와 1.1, 1.4와 2.5를 빼면 퍼진 범위는 1.1~1.3이고 중앙값은 1.2입니다. 범위 전체가 1보다 크므로 B가 더 빠르다고 할 수 있습니다. 하지만 1.15는 범위 안에 있으므로 1.15배 넘게 빠른지는 알 수 없습니다. 보고서에는 컴퓨터, 스레드 수, 배치 크기, 라이브러리의 버전이 빠져 있습니다.
#
# </details>

# %% [markdown] lang="en"
# **5.** (Code) Write `my_intensity(layer)`. It returns the mult-adds per byte of a standard, depthwise or pointwise layer in float32, as a `Fraction`. Use `layer.kind`, `layer.D_K`, `layer.M`, `layer.N`, `layer.D_F` and `layer.D_G`, but nothing from `nm.cost` and `timing`.

# %% [markdown] lang="ko" of="82014b4d"
# **5.** (코딩) 함수 `my_intensity(layer)`를 작성하세요. 표준, 깊이별, 점별 층을 float32로 계산할 때의 바이트당 곱셈-누산 횟수를 `Fraction`으로 반환합니다. `layer.kind`, `layer.D_K`, `layer.M`, `layer.N`, `layer.D_F`, `layer.D_G`를 사용하고, `nm.cost`와 `timing`의 함수는 쓰지 마세요. (출력의 write ..., then run this cell again은 "...를 작성한 다음 이 셀을 다시 실행하세요", is right는 "맞았습니다"라는 뜻입니다.)


# %%
def my_intensity(layer):
    raise NotImplementedError("Exercise 5: write my_intensity, then run this cell again")


try:
    for layer in (*layers, *networks[0], *networks[1]):
        right = Fraction(nm.cost.mult_adds(layer), timing.bytes_moved(layer))
        assert my_intensity(layer) == right, f"{layer.name} ({layer.kind}, D_F {layer.D_F}): it is {right}"
    print("Exercise 5 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 5</summary>
#
# ```python
# def my_intensity(layer):
#     parameters = layer.D_K**2 * layer.M  # of a depthwise layer; D_K is 1 in a pointwise layer
#     if layer.kind != "depthwise":
#         parameters *= layer.N
#     numbers = layer.D_F**2 * layer.M + parameters + layer.D_G**2 * layer.N
#     return Fraction(parameters * layer.D_G**2, 4 * numbers)  # each parameter once for each output pixel
# ```
#
# </details>

# %% [markdown] lang="ko" of="b344418c"
# <details><summary>5번 답</summary>
#
# ```python
# def my_intensity(layer):
#     parameters = layer.D_K**2 * layer.M  # 깊이별 층의 매개변수 수. 점별 층은 D_K가 1
#     if layer.kind != "depthwise":
#         parameters *= layer.N
#     numbers = layer.D_F**2 * layer.M + parameters + layer.D_G**2 * layer.N
#     return Fraction(parameters * layer.D_G**2, 4 * numbers)  # 출력 픽셀마다 매개변수를 한 번씩 사용
# ```
#
# </details>

# %% [markdown] lang="en"
# # Appendix: how `fast` computes the same and waits less
#
# `nm.fast` gives the answers of `nm.conv` up to rounding, and exactly the same counts. Only two things differ: where the numbers stand in memory, and in which order they are used. Each trick saves something and costs something:
#
# | trick | it saves | it costs |
# |---|---|---|
# | 1. padded buffer, windows as views | copying each pixel into nine windows | memory for the zeros |
# | 2. one long inner loop | starting many short loops | the kernel is repeated along the row |
# | 3. phases | it keeps the loop long at stride 2 | the columns are split first, and there is one more sum |
# | 4. im2col matrix in bands | waiting for a matrix that does not fit in the cache | more calls of BLAS |
# | 5. bias and ReLU6 in place | new arrays | the input is overwritten |
# | 6. workspace | new memory for each image | memory that is kept |
#
# The comments in `npmobile/fast/layout.py`, `kernels.py` and `workspace.py` say more about each of them.

# %% [markdown] lang="ko" of="34c33c13"
# # 부록: `fast`가 더 빠른 이유
#
# 같은 계산을 어떻게 더 빨리 할 수 있을까요? `nm.fast`의 결과는 반올림 오차를 빼면 `nm.conv`와 같고, 연산 횟수는 정확히 같습니다. 다른 것은 두 가지뿐입니다. 원소를 메모리의 어디에 두는지, 그리고 어떤 순서로 사용하는지입니다. 그래서 메모리를 기다리는 시간이 줄어듭니다. 방법마다 얻는 것과 잃는 것이 있습니다.
#
# | 방법 | 얻는 것 | 잃는 것 |
# |---|---|---|
# | 1. 패딩을 넣은 버퍼와 뷰 | 픽셀을 윈도우 아홉 개에 복사하지 않습니다 | 0을 저장할 메모리 |
# | 2. 긴 안쪽 반복문 하나 | 짧은 반복문을 여러 번 시작하지 않습니다 | 커널을 행 길이만큼 되풀이해서 저장합니다 |
# | 3. 위상 | 스트라이드가 2여도 안쪽 반복문이 깁니다 | 열을 먼저 나누어야 하고 덧셈이 한 번 늘어납니다 |
# | 4. 띠로 나눈 im2col 행렬 | 캐시에 들어가지 않는 행렬을 메모리에서 기다리지 않습니다 | BLAS를 더 여러 번 호출합니다 |
# | 5. 제자리에서 계산하는 편향과 ReLU6 | 배열을 새로 만들지 않습니다 | 입력이 남지 않습니다 |
# | 6. 작업 공간 | 이미지마다 메모리를 새로 할당하지 않습니다 | 메모리를 계속 차지합니다 |
#
# 자세한 설명은 `npmobile/fast/layout.py`, `kernels.py`, `workspace.py`의 주석에 있습니다.

# %% [markdown] lang="en"
# ## 1. A padded buffer, and windows as views
#
# `conv.im2col` copies each pixel into up to nine windows. But the numbers of a window are already in memory; they only do not stand side by side. We store the image once with its zeros around it (a **padded buffer**). Then a **view**, an array that shows the memory of another array in another shape, can show all windows without a copy.

# %% [markdown] lang="ko" of="b2f63849"
# ## 1. 패딩을 넣은 버퍼와 뷰
#
# `conv.im2col`은 픽셀 하나를 최대 아홉 개의 윈도우에 복사합니다. 그런데 윈도우의 원소는 이미 메모리에 있습니다. 서로 떨어져 있을 뿐입니다. 그래서 이미지를 둘레의 0과 함께 한 번만 저장해 둡니다. 이것을 **패딩을 넣은 버퍼**(padded buffer)라고 합시다. 그러면 **뷰**(view)로 모든 윈도우를 복사 없이 나타낼 수 있습니다. 뷰는 다른 배열의 메모리를 그대로 쓰면서 형상만 다른 배열입니다.

# %%
x = rng.normal(size=(1, 56, 56, 128)).astype(np.float32)  # what conv_dw_3 reads
kernel = rng.normal(size=(3, 3, 128)).astype(np.float32)

# %%
im2col = nm.conv.im2col(x, D_K=3)
padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))  # (1, 58, 58, 128)
windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))  # (1, 56, 56, 128, 3, 3)
print(f"im2col {im2col.nbytes:,} bytes, padded buffer {padded.nbytes:,} bytes")
assert np.shares_memory(windows, padded), "a view has no memory of its own"
assert im2col.nbytes == 9 * x.nbytes, "each pixel is in nine windows"

# %% [markdown] lang="en"
# The copies take 9 times the bytes of the image. The padded buffer takes 7 % more than the image, and the view takes nothing.
#
# ## 2. One long inner loop
#
# NumPy computes in loops inside loops, and the start of each inner loop takes time. Over the channels alone the inner loop has only $M$ steps. But in memory a row of pixels with all its channels is one run of $W \cdot M$ numbers. If we repeat the kernel along the row, one loop of $W \cdot M$ steps multiplies the whole row.
#
# Example: one channel, a row of $W = 4$ pixels 10, 20, 30, 40, and a kernel whose rows are 1, 2, 3. The kernel is repeated four times. Where a window reaches over the side of the row, the repeated kernel is 0, so it does not matter which number stands there in memory:

# %% [markdown] lang="ko" of="5a660322"
# 복사한 윈도우는 이미지의 9배나 되는 메모리를 차지합니다. 패딩을 넣은 버퍼는 이미지보다 7% 클 뿐이고, 뷰는 메모리를 차지하지 않습니다.
#
# ## 2. 긴 안쪽 반복문 하나
#
# NumPy는 반복문 안의 반복문으로 계산하는데, 안쪽 반복문을 시작할 때마다 시간이 듭니다. 채널에 대해서만 반복하면 안쪽 반복문의 길이가 $M$밖에 되지 않습니다. 그런데 메모리에는 한 행의 픽셀 $W$개가 채널까지 포함해서 원소 $W \cdot M$개로 죽 이어져 있습니다. 커널을 행 길이만큼 되풀이해서 저장해 두면 길이가 $W \cdot M$인 반복문 하나로 행 전체를 곱할 수 있습니다.
#
# 예를 들어 채널은 하나, 한 행의 픽셀 $W = 4$개가 10, 20, 30, 40이고 커널의 각 행이 1, 2, 3이라고 합시다. 커널을 네 번 되풀이합니다. 윈도우가 행의 양 끝을 벗어나는 곳에서는 되풀이한 커널을 0으로 둡니다. 그래서 메모리의 그 위치에 어떤 값이 있어도 상관없습니다.

# %%
from npmobile.fast.kernels import bias_relu6, repeat_kernel
from npmobile.fast.layout import Geometry

row, ones_two_threes = np.array([10.0, 20, 30, 40]), np.tile([[1.0], [2.0], [3.0]], (3, 1, 1))
(repeated, *_), *_ = repeat_kernel(ones_two_threes, Geometry(H=4, W=4, D_K=3, padding="same"))
print(repeated)  # one line for each column of the kernel, one number for each window
y = (repeated * [np.roll(row, 1), row, np.roll(row, -1)]).sum(axis=0)  # roll puts 40 before 10
print(y)
assert (y == nm.loops.depthwise_conv(row.reshape(1, 1, 4, 1), ones_two_threes)[0].ravel()).all()

# %% [markdown] lang="en"
# The first output is $0 \cdot 40 + 2 \cdot 10 + 3 \cdot 20 = 80$. The 40 before the 10 is wrong, but it is multiplied by 0.
#
# ## 3. Phases
#
# At stride 2 the windows begin two columns apart, so the numbers that they need are not neighbours in memory. We split the columns into two **phases**: one holds every second column of the padded row, the other holds the rest. Within a phase the windows are neighbours again.
#
# Example: a row of five pixels 10, 20, 30, 40, 50 with one zero on each side, and the kernel row 1, 2, 3 at stride 2. The columns 0 and 2 of the kernel read phase 0, and column 1 reads phase 1:

# %% [markdown] lang="ko" of="6a5036bb"
# 첫 번째 출력은 $0 \cdot 40 + 2 \cdot 10 + 3 \cdot 20 = 80$입니다. 10 앞의 40은 원래 있어서는 안 되는 값이지만 0을 곱하므로 결과에 영향이 없습니다.
#
# ## 3. 위상
#
# 스트라이드가 2이면 윈도우가 두 열씩 이동하므로, 필요한 원소들이 메모리에서 이어져 있지 않습니다. 그래서 열을 **위상**(phase) 두 개로 나눕니다. 한 위상에는 패딩을 넣은 행에서 번호가 짝수인 열(0, 2, 4, ...)을 모으고, 다른 위상에는 번호가 홀수인 열(1, 3, 5, ...)을 모읍니다. 그러면 한 위상 안에서는 필요한 원소들이 다시 이어집니다.
#
# 예를 들어 한 행의 픽셀이 10, 20, 30, 40, 50이고 양쪽에 0이 하나씩 있으며, 커널의 행은 1, 2, 3, 스트라이드는 2라고 합시다. 커널의 0번 열과 2번 열은 0번 위상에 곱하고, 1번 열은 1번 위상에 곱합니다.

# %%
row = np.array([10.0, 20, 30, 40, 50])
with_zeros = np.pad(row, 1)
phase_0, phase_1 = with_zeros[0::2], with_zeros[1::2]
print(phase_0, phase_1)
y = 1 * phase_0[:3] + 2 * phase_1 + 3 * phase_0[1:]
print(y)
assert (y == nm.loops.depthwise_conv(row.reshape(1, 1, 5, 1), ones_two_threes, stride=2)[0].ravel()).all()

# %% [markdown] lang="en"
# Three products of whole rows give all outputs. The next cell compares three ways to compute the depthwise layer of trick 1: with copied windows (`conv`), with a view (trick 1), and with the long loop as well (`fast`). All three make $3 \cdot 3 \cdot 128 \cdot 56 \cdot 56 = 3{,}612{,}672$ mult-adds. `tell` compares the ratio of times with 1: `more` means that the second of the two named ways was faster.

# %% [markdown] lang="ko" of="cdc16338"
# 행 전체를 세 번 곱하면 출력이 모두 나옵니다. 다음 셀은 1번 방법의 깊이별 층을 세 가지로 계산해서 비교합니다. 윈도우를 복사하는 방법(`conv`), 뷰를 쓰는 방법(1번), 긴 반복문까지 쓰는 방법(`fast`)입니다. 곱셈-누산은 모두 $3 \cdot 3 \cdot 128 \cdot 56 \cdot 56 = 3{,}612{,}672$번입니다. `tell`은 시간의 비율을 1과 비교합니다. 예를 들어 time of conv / time of views는 `conv`의 시간을 뷰를 쓰는 방법의 시간으로 나눈 것입니다. `more`라면 뒤에 적힌 방법이 더 빠릅니다.


# %%
def compare(ways):
    times = timing.interleaved(ways, rounds, at_least=at_least)
    first, *others = times
    for other in others:
        ratio = timing.spread(a / b for a, b in zip(times[first], times[other]))
        tell(f"time of {first} / time of {other}", ratio, 1)


def with_views(x, kernel):
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return np.einsum("bklmij,ijm->bklm", windows, kernel)


# %%
(y, count), (fast_y, fast_count) = (module.depthwise_conv(x, kernel) for module in (nm.conv, nm.fast))
assert count == fast_count == nm.cost.depthwise(D_K=3, M=128, D_G=56) == 3_612_672, "the same mult-adds"
assert np.allclose(y, with_views(x, kernel), atol=1e-4) and np.allclose(y, fast_y, atol=1e-4), "the same sums"
conv, views = (lambda: nm.conv.depthwise_conv(x, kernel)), (lambda: with_views(x, kernel))
compare({"conv": conv, "views": views, "fast": lambda: nm.fast.depthwise_conv(x, kernel)})

# %% [markdown] lang="en"
# ## 4. The im2col matrix in bands
#
# A standard convolution needs its im2col matrix, because BLAS multiplies matrices. `fast` makes it differently in two ways:
#
# - A row of a window, $D_K$ pixels with all channels, is one run of $D_K \cdot M$ numbers in memory. `fast` copies it as one item. In `conv1` a window is 3 runs of 9 numbers instead of 27 single numbers.
# - The matrix is 9 times as large as the input, often larger than the cache. `fast` makes a **band** of some of its rows, multiplies it while it is still in the cache, and then makes the next band in the same memory.

# %% [markdown] lang="ko" of="62bbd51c"
# ## 4. 띠로 나눈 im2col 행렬
#
# 표준 합성곱에는 im2col 행렬이 필요합니다. BLAS는 행렬을 곱하는 라이브러리이기 때문입니다. `fast`가 이 행렬을 만드는 방법은 두 가지 점에서 다릅니다.
#
# - 윈도우의 한 행, 즉 픽셀 $D_K$개와 그 모든 채널은 메모리에 $D_K \cdot M$개의 원소로 이어져 있습니다. `fast`는 이것을 한 덩어리로 복사합니다. `conv1`의 윈도우 하나는 원소 27개가 아니라 9개짜리 덩어리 3개입니다.
# - 행렬은 입력의 9배이고 캐시보다 큰 경우가 많습니다. `fast`는 행 몇 개를 **띠**(band)로 만들어서 아직 캐시에 있을 때 곱하고, 같은 메모리에 다음 띠를 만듭니다.

# %%
whole = 56 * 56 * 9 * 128  # rows, and numbers in a row: D_K = 3 on 56 x 56 pixels of 128 channels
print(f"im2col matrix {4 * whole:,} bytes, one band {4 * nm.fast.kernels.BAND:,} bytes")
image = rng.normal(size=(1, 112, 112, 32)).astype(np.float32)
filters = rng.normal(size=(3, 3, 32, 64)).astype(np.float32)
(y, count), (fast_y, fast_count) = (module.standard_conv(image, filters) for module in (nm.conv, nm.fast))
assert count == fast_count and np.allclose(y, fast_y, atol=1e-3), "the same windows, the same sums"
conv, fast = (lambda: nm.conv.standard_conv(image, filters)), (lambda: nm.fast.standard_conv(image, filters))
compare({"conv": conv, "fast": fast})

# %% [markdown] lang="en"
# ## 5. Bias and ReLU6 in place
#
# Bias and ReLU6 make no mult-adds by our convention. They still take time: `y + bias` makes a new array, and the operating system must first provide its memory. In place, the result is written over the numbers that were just read, which are still in the cache.

# %% [markdown] lang="ko" of="352c3530"
# ## 5. 제자리에서 계산하는 편향과 ReLU6
#
# 우리 집계 방식으로 편향과 ReLU6의 곱셈-누산은 0번입니다. 그래도 시간은 걸립니다. `y + bias`는 배열을 새로 만드는데, 그 메모리를 운영체제가 먼저 마련해야 합니다. **제자리에서**(in place) 계산한다는 것은 방금 읽은 원소가 있던 자리에 결과를 덮어쓴다는 뜻입니다. 아직 캐시에 있는 메모리를 쓰므로 빠릅니다. (출력의 new arrays는 배열을 새로 만드는 방법입니다.)

# %%
y = rng.normal(size=(1, 112, 112, 64)).astype(np.float32)  # the size of what conv_pw_1 makes
bias = rng.uniform(size=64).astype(np.float32)
along_row, memory = np.tile(bias, (112, 1)), y.copy()
bias_relu6(memory, along_row)  # changes memory
assert np.array_equal(memory, nm.ops.relu6(y + bias)), "the bias must be repeated along the row"
compare({"new arrays": lambda: nm.ops.relu6(y + bias), "in place": lambda: bias_relu6(memory, along_row)})

# %% [markdown] lang="en"
# ## 6. A workspace
#
# `Model.predict` runs a **plan**: the batch norm is folded into the convolutions (lesson 7), and which function gets which arrays is decided once. The memory for one image, the **workspace**, is made once and used again for the next image. All layers share two arrays: a layer reads from one and writes into the other.

# %% [markdown] lang="ko" of="2ad8bace"
# ## 6. 작업 공간
#
# `Model.predict`는 미리 만들어 둔 **실행 계획**(plan)대로 계산합니다. 배치 정규화는 합성곱에 병합(folding)되어 있고(7강), 어느 함수에 어느 배열을 넣을지도 한 번만 정합니다. 이미지 한 장을 계산할 메모리, 즉 **작업 공간**(workspace)도 한 번만 만들어서 다음 이미지에 다시 사용합니다. 모든 층이 배열 두 개를 번갈아 사용합니다. 층마다 한 배열에서 읽고 다른 배열에 저장합니다.

# %%
model = nm.random_model()
space = model.plan.workspace()
maps = 4 * sum(layer.D_G**2 * layer.N for layer in model.layers[:-2])
print(f"all feature maps {maps:,} bytes; each of the two arrays {space.here.nbytes:,} bytes")
assert space.here.nbytes >= 4 * 112 * 112 * 64, "the largest feature map, after conv_pw_1, must fit"

# %%
model = nm.random_model(resolution=64 if in_browser else 128)
x = rng.uniform(-1, 1, (1, model.layers[0].D_F, model.layers[0].D_F, 3)).astype(np.float32)
counts = model.plan.run(x)[1], sum(step.mult_adds for step in model.forward(x))
assert counts[0] == counts[1] == sum(nm.cost.mult_adds(layer) for layer in model.layers), "the same mult-adds"
assert np.allclose(model.predict(x), nm.predict(x, model.layers, model.weights), atol=1e-5), "the same answer"

# %%
readable, fast = (lambda: nm.predict(x, model.layers, model.weights)), (lambda: model.predict(x))
print(f"{counts[0]:,} mult-adds each")
compare({"nm.predict on conv": readable, "Model.predict on fast": fast})

# %% [markdown] lang="en"
# The network, the answer and the count are the same in both lines. If the conclusion says `more`, then only the order of the work and the places of the numbers made the second one faster.

# %% [markdown] lang="ko" of="f208d160"
# 네트워크도, 결과도, 연산 횟수도 같습니다. 결론이 `more`라면 계산 순서와 메모리에서 원소의 위치만 바꾸어서 더 빨라진 것입니다.
