# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] lang="en"
# # 1. A convolution by hand
#
# After this lesson you can
#
# - work out a small convolution on paper, and say how many multiply-adds (mult-adds) it takes;
# - read it as nested loops, and as one matrix product (im2col), and show that the two agree;
# - say what the matrix product costs in memory.
#
# About 20 minutes. You need: sums of products, a little Python. Pencil and paper.

# %% [markdown] lang="ko" of="3520df1f"
# # 1. 손으로 하는 합성곱
#
# 이 수업을 마치면
#
# - 작은 합성곱(convolution)을 종이 위에서 계산하고, 곱셈-덧셈(mult-add)이 몇 번인지 말할 수 있습니다.
# - 합성곱을 겹친 반복문으로도, 행렬 곱 하나(im2col)로도 읽고, 둘이 같다는 것을 보일 수 있습니다.
# - 행렬 곱으로 바꾸는 대가로 메모리가 얼마나 드는지 말할 수 있습니다.
#
# 약 20분. 곱해서 더하는 계산과 파이썬 조금이면 됩니다. 연필과 종이를 준비하세요.

# %%
try:
    import npmobile as nm
except ImportError as error:
    raise ImportError(
        "install npmobile first: pip install . in its folder, or pip install its wheel, npmobile-*.whl"
    ) from error
import inspect

import numpy as np

_ = nm.language.use("en")
# %% [markdown] lang="en"
# ## A picture, a kernel, a pencil
#
# A picture of 3 x 3 pixels and a kernel of 2 x 2 numbers. Lay the kernel on a corner of the picture. Multiply each pixel by the
# number that lies on it, and add the products up: that is one number of the output. Then move the kernel on.
#
# $$G_{k,l} = \sum_{i,j} K_{i,j} \cdot F_{k+i-1,\;l+j-1}$$
#
# $F$ is the picture, $K$ the kernel and $G$ the output, with indices from 1, as in the paper.

# %% [markdown] lang="ko" of="6627c2e6"
# ## 그림, 커널, 연필
#
# 3 x 3 픽셀 그림과, 2 x 2개의 수로 된 커널(kernel)이 있습니다. 커널을 그림의 한 귀퉁이에 올려놓습니다. 픽셀마다 그 위에 놓인 수를 곱하고, 그 곱을 모두 더합니다.
# 그 값이 출력의 수 하나입니다. 그다음 커널을 옆으로 옮깁니다.
#
# $$G_{k,l} = \sum_{i,j} K_{i,j} \cdot F_{k+i-1,\;l+j-1}$$
#
# $F$는 그림, $K$는 커널, $G$는 출력이고, 논문처럼 번호를 1부터 셉니다.

# %%
picture = np.arange(1.0, 10.0).reshape(3, 3)
kernel = np.array([[1.0, 2.0], [3.0, 4.0]])
nm.plots.by_hand(picture, kernel, window=0)

# %% [markdown] lang="en"
# The first window holds 1, 2, 4, 5, so the first output is $1 \cdot 1 + 2 \cdot 2 + 3 \cdot 4 + 4 \cdot 5 = 37$.
#
# **Predict first.** Work out the other three on paper. How many multiplications did all four take?

# %% [markdown] lang="ko" of="1f922d7f"
# 첫 창에는 1, 2, 4, 5가 있으므로 첫 출력은 $1 \cdot 1 + 2 \cdot 2 + 3 \cdot 4 + 4 \cdot 5 = 37$입니다.
#
# **먼저 예상해 보세요.** 나머지 세 수를 종이에 계산해 보세요. 넷을 모두 구하는 데 곱셈을 몇 번 했나요?

# %%
nm.plots.by_hand(picture, kernel, window=3)

# %% [markdown] lang="en"
# The window fits in four places, and each place takes four products. Do your four numbers agree?

# %% [markdown] lang="ko" of="6f49bba6"
# 창이 놓일 자리는 네 군데이고, 자리마다 곱이 네 개입니다. 여러분이 구한 네 수와 같은가요?

# %% [markdown] lang="en"
# ## One multiply-add at a time
#
# A computer does what you did: it keeps a sum, and adds one product after the other. One multiplication with its addition is one **mult-add**. Here is the first window.

# %% [markdown] lang="ko" of="e563c8d5"
# ## 곱셈-덧셈 한 번씩
#
# 컴퓨터도 똑같이 합니다. 합을 하나 들고 있다가 곱을 하나씩 더해 갑니다. 곱셈 한 번과 그것을 더하는 덧셈 한 번을 묶어 **곱셈-덧셈** 한 번이라고 셉니다. 첫 창은 다음과 같습니다.

# %%
total = 0.0
for i, j in np.ndindex(2, 2):
    print(f"{total:2g} + {kernel[i, j]:g} x {picture[i, j]:g}", end=" = ")
    total += kernel[i, j] * picture[i, j]
    print(f"{total:g}")

# %% [markdown] lang="en"
# Four lines, four mult-adds. The first adds to 0, and is counted like the others. Now all windows: `k` and `l` say where the kernel lies, `i` and `j` which of its numbers is meant.

# %% [markdown] lang="ko" of="b49352cb"
# 네 줄, 곱셈-덧셈 네 번입니다. 첫 번째는 0에 더하지만 똑같이 한 번으로 셉니다. 이제 모든 창입니다. `k`와 `l`은 커널이 놓인 자리를, `i`와 `j`는 커널의 어느 수인지를 가리킵니다.

# %%
G, mult_adds = np.zeros((2, 2)), 0
for k, l, i, j in np.ndindex(2, 2, 2, 2):  # four loops, one inside the other
    G[k, l] += kernel[i, j] * picture[k + i, l + j]
    mult_adds += 1
print(G, mult_adds, "mult-adds")

# %%
assert G.tolist() == [[37, 47], [67, 77]], "does your kernel move right first, then down?"

# %% [markdown] lang="en"
# Python counts from 0, so the $-1$ of the equation is gone. The other numbers are those of the paper and pencil, and the count is no formula: it is how often the line ran.

# %% [markdown] lang="ko" of="40685266"
# 파이썬은 0부터 세므로 식의 $-1$이 사라졌습니다. 나머지는 종이에 쓴 그대로입니다. 그리고 센 수는 식에서 나온 것이 아니라, 그 줄이 실제로 몇 번 실행되었는지입니다.

# %% [markdown] lang="en"
# ## Channels, and many filters
#
# A photograph has three numbers at every pixel: its $M = 3$ channels. And a layer has not one filter but $N$. So two more loops, and the paper's equation 1:
#
# $$G_{k,l,n} = \sum_{i,j,m} K_{i,j,m,n} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# This is the standard convolution. Here are its loops in the package. Find the line that counts.

# %% [markdown] lang="ko" of="55d0313b"
# ## 채널도 여럿, 필터도 여럿
#
# 사진은 픽셀마다 수가 세 개입니다. 곧 채널(channel)이 $M = 3$개입니다. 그리고 한 층의 필터는 하나가 아니라 $N$개입니다. 그래서 반복문이 둘 늘고, 논문의 식 1이 됩니다.
#
# $$G_{k,l,n} = \sum_{i,j,m} K_{i,j,m,n} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# 이것이 표준 합성곱(standard convolution)입니다. 패키지에 있는 반복문은 다음과 같습니다. 세는 줄을 찾아보세요.

# %%
code = inspect.getsource(nm.loops.standard_conv)
print(code[code.index("    B, H, W, M = x.shape") :])

# %% [markdown] lang="en"
# `B` is the number of pictures, so an array of pictures has the shape (B, H, W, M), and a kernel (D_K, D_K, M, N). Our example has one picture, one channel and one filter.

# %% [markdown] lang="ko" of="174901ab"
# `B`는 그림의 수입니다. 그래서 그림 배열의 모양은 (B, H, W, M), 커널의 모양은 (D_K, D_K, M, N)입니다. 우리 예는 그림 하나, 채널 하나, 필터 하나입니다.

# %%
x = picture.reshape(1, 3, 3, 1)  # (B, H, W, M)
K = kernel.reshape(2, 2, 1, 1)  # (D_K, D_K, M, N)
y, mult_adds = nm.loops.standard_conv(x, K, padding="valid")
assert y[0, :, :, 0].tolist() == G.tolist(), "the same four sums, in the same order"
print(y.shape, mult_adds)

# %% [markdown] lang="en"
# **Predict first.** The same picture with 3 channels, and 5 filters instead of one. The window still fits in four places. How many mult-adds?

# %% [markdown] lang="ko" of="7086349c"
# **먼저 예상해 보세요.** 같은 크기의 그림에 채널이 3개이고, 필터가 하나가 아니라 5개입니다. 창이 놓일 자리는 여전히 네 군데입니다. 곱셈-덧셈은 몇 번일까요?

# %%
y, mult_adds = nm.loops.standard_conv(np.ones((1, 3, 3, 3)), np.ones((2, 2, 3, 5)), padding="valid")
print(y.shape, mult_adds)
assert mult_adds == 4 * (2 * 2) * 3 * 5, "places, numbers in a window, channels, filters"

# %% [markdown] lang="en"
# Fifteen times as many: every channel of every window meets every filter. That product $M \cdot N$ is what MobileNet takes apart in lesson 2.

# %% [markdown] lang="ko" of="176e4f3e"
# 15배가 되었습니다. 모든 창의 모든 채널이 모든 필터를 만나기 때문입니다. MobileNet이 2강에서 떼어 놓는 것이 바로 이 곱 $M \cdot N$입니다.

# %% [markdown] lang="en"
# ## At the edge
#
# The output was smaller than the picture. Networks mostly want it as large, so they lay zeros around the picture (padding). With a 2 x 2 kernel one row below and one column to the right will do.
# Below on the right, every window is already copied out as one row. Look for the zeros.

# %% [markdown] lang="ko" of="4ac8fa72"
# ## 가장자리에서는
#
# 출력이 그림보다 작아졌습니다. 네트워크는 대개 출력이 그림만큼 크기를 바라므로 그림 둘레에 0을 두릅니다. 이것이 채움(padding)입니다. 2 x 2 커널이라면 아래로 한 줄, 오른쪽으로 한 줄이면 됩니다.
# 아래 그림의 오른쪽에는 창마다 한 행씩 미리 베껴 놓았습니다. 0을 찾아보세요.

# %%
nm.plots.windows(picture, D_K=2, window=8, padding="same")

# %%
y, mult_adds = nm.loops.standard_conv(x, K, padding="same")
print(y[0, :, :, 0], mult_adds)
assert mult_adds == nm.cost.standard(D_K=2, M=1, N=1, D_G=3), "the paper counts products with zeros too"

# %% [markdown] lang="en"
# Nine windows now, so 36 mult-adds. Those with a padding zero change nothing in the sum but they are made, and so they are counted: by the loops, and by the paper's equation 2, $D_K \cdot D_K \cdot M \cdot N \cdot D_F \cdot D_F$.

# %% [markdown] lang="ko" of="928fd592"
# 이제 창이 아홉 개이므로 곱셈-덧셈은 36번입니다. 채워 넣은 0과 곱한 것은 합을 바꾸지 않지만, 실제로 한 계산이므로 셉니다. 반복문도 그렇게 세고, 논문의 식 2 $D_K \cdot D_K \cdot M \cdot N \cdot D_F \cdot D_F$도 그렇게 셉니다.

# %% [markdown] lang="en"
# ## im2col: the picture as columns
#
# Loops in Python are slow; a matrix product in NumPy is fast. Can a convolution become a matrix product? Copy every window out as one row. Each row then meets the kernel, written as one column, and a row times a column is a sum of products.
#
# **Predict first.** Four windows, four numbers each. Which pixel is copied most often, and how often?

# %% [markdown] lang="ko" of="c26b43b3"
# ## im2col: 그림을 열 행렬로
#
# 파이썬 반복문은 느리고 NumPy의 행렬 곱은 빠릅니다. 합성곱을 행렬 곱으로 바꿀 수 있을까요? 창을 하나씩 한 행으로 베껴 놓습니다. 커널은 한 열로 세웁니다. 행과 열을 곱하면 그것이 바로 곱의 합입니다.
#
# **먼저 예상해 보세요.** 창이 넷이고 창마다 수가 넷입니다. 가장 여러 번 베껴지는 픽셀은 어느 것이고, 몇 번일까요?

# %%
nm.plots.windows(picture, D_K=2, window=0)

# %%
nm.plots.windows(picture, D_K=2, window=3)

# %% [markdown] lang="en"
# Find the 5 in every row. The pixel in the middle lies in all four windows, so it is copied four times; a corner lies in one.

# %% [markdown] lang="ko" of="618433bf"
# 행마다 5를 찾아보세요. 한가운데 픽셀은 네 창 모두에 들어 있어 네 번 베껴집니다. 귀퉁이 픽셀은 한 번뿐입니다.

# %%
columns = nm.conv.im2col(x, D_K=2, padding="valid").reshape(4, 4)  # one row a window
print(columns @ kernel.reshape(4))  # (4, 4) @ (4,) -> (4,)
assert (columns @ kernel.reshape(4)).tolist() == G.ravel().tolist(), "both row by row?"

# %% [markdown] lang="en"
# The same four numbers as on paper, from one matrix product. But how are the windows copied without a loop over the windows? Read the columns from top to bottom instead of the rows:

# %% [markdown] lang="ko" of="53a04524"
# 종이에서 구한 네 수가 행렬 곱 하나로 나왔습니다. 그런데 창마다 반복하지 않고 어떻게 베낄까요? 행 대신 열을 위에서 아래로 읽어 봅시다.

# %%
for i, j in np.ndindex(2, 2):
    print((i, j), columns[:, 2 * i + j], picture[i : i + 2, j : j + 2].ravel())

# %% [markdown] lang="en"
# A column holds element (i, j) of all windows, and that is the picture itself, shifted by (i, j). So im2col needs as many copies as the kernel has numbers, however large the picture is. In the package:

# %% [markdown] lang="ko" of="cb29dc9c"
# 한 열은 모든 창의 (i, j)번 원소이고, 그것은 그림을 (i, j)만큼 민 것입니다. 그래서 그림이 아무리 커도 im2col은 커널에 든 수만큼만 베끼면 됩니다. 패키지에는 이렇게 쓰여 있습니다.

# %%
code = inspect.getsource(nm.conv.im2col)
print(code[code.index("    padded = ") :])

# %% [markdown] lang="en"
# ## Three witnesses
#
# A larger example with channels and filters. `loops` counts one by one. `conv` reads the count off the matrices that it multiplied. `cost` evaluates the formula. None of them calls another.

# %% [markdown] lang="ko" of="23aee19c"
# ## 세 증인
#
# 채널과 필터가 있는 조금 더 큰 예입니다. `loops`는 하나씩 셉니다. `conv`는 자기가 곱한 행렬의 크기에서 읽어 냅니다. `cost`는 식을 계산합니다. 셋은 서로를 부르지 않습니다.

# %%
rng = np.random.default_rng(0)
x, K = rng.normal(size=(1, 12, 12, 3)), rng.normal(size=(3, 3, 3, 8))
slow, counted = nm.loops.standard_conv(x, K)
fast, reported = nm.conv.standard_conv(x, K)
print(counted, reported, nm.cost.standard(D_K=3, M=3, N=8, D_G=12))

# %%
assert np.allclose(slow, fast), "loops and im2col must give the same picture"
assert counted == reported == nm.cost.standard(D_K=3, M=3, N=8, D_G=12), "one of the three miscounts"

# %% [markdown] lang="en"
# Loops and matrix product give the same picture and the same count. So im2col saves no mult-adds: it does the same ones in an order that the machine likes.

# %% [markdown] lang="ko" of="ff4ce389"
# 반복문과 행렬 곱의 결과가 같고, 센 수도 같습니다. im2col이 곱셈-덧셈을 줄이는 것은 아닙니다. 같은 계산을 컴퓨터가 좋아하는 순서로 할 뿐입니다.

# %% [markdown] lang="en"
# ## What the columns cost
#
# Nothing is free: a pixel is copied into every window that covers it.
#
# **Predict first.** A picture of 224 x 224 with 3 channels, a 3 x 3 kernel, `padding="same"`. How many times as large as the picture are its columns?

# %% [markdown] lang="ko" of="527be3d0"
# ## 열 행렬의 값
#
# 공짜는 없습니다. 픽셀은 자기를 덮는 창마다 한 번씩 베껴집니다.
#
# **먼저 예상해 보세요.** 224 x 224 그림에 채널이 3개, 커널은 3 x 3, `padding="same"`입니다. 열 행렬은 그림보다 몇 배나 클까요?

# %%
x = np.zeros((1, 224, 224, 3), np.float32)
columns = nm.conv.im2col(x, D_K=3)
print(f"{x.nbytes:,} bytes become {columns.nbytes:,}: {columns.nbytes / x.nbytes:g} times")

# %%
for D_K in (1, 3, 5, 7):
    columns = nm.conv.im2col(x, D_K)
    print(f"{D_K} x {D_K}: {columns.nbytes / x.nbytes:2g} times, {columns.nbytes / 2**20:5.1f} MiB")
    assert columns.size == D_K**2 * x.size, "one copy of the picture for each number of the kernel"

# %% [markdown] lang="en"
# $D_K^2$ times: one shifted picture for each number of the kernel. Look at the first line. A 1 x 1 kernel needs no copy at all, because the picture is its own columns: remember that when pointwise convolutions come, in lesson 2.

# %% [markdown] lang="ko" of="a6848e01"
# $D_K^2$배입니다. 커널의 수 하나마다 민 그림이 하나씩 있기 때문입니다. 첫 줄을 보세요. 1 x 1 커널은 베낄 것이 없습니다. 그림이 곧 자기의 열 행렬입니다. 2강에서 점별 합성곱(pointwise convolution)이 나올 때 이 사실을 떠올려 주세요.

# %% [markdown] lang="en"
# ## If you know *Deep Learning from Scratch*
#
# Saito's book has the same im2col with other letters, and with the channels in front:
#
# | | here | in the book |
# |---|---|---|
# | pictures | (B, H, W, M) | (N, C, H, W) |
# | filters | (D_K, D_K, M, N) | (FN, C, FH, FW) |
# | rows of the column matrix | B · H' · W' | N · out_h · out_w |
# | its columns | D_K · D_K · M, channels last | C · FH · FW, channels first |
#
# Mind the letter N: pictures there, filters here. The rows are the same; within a row the numbers stand in another order.

# %% [markdown] lang="ko" of="e6d06142"
# ## 『밑바닥부터 시작하는 딥러닝』을 읽었다면
#
# 사이토 고키의 책에도 같은 im2col이 나옵니다. 글자가 다르고, 채널이 앞에 옵니다.
#
# | | 여기서는 | 책에서는 |
# |---|---|---|
# | 그림 | (B, H, W, M) | (N, C, H, W) |
# | 필터 | (D_K, D_K, M, N) | (FN, C, FH, FW) |
# | 열 행렬의 행 | B · H' · W' | N · out_h · out_w |
# | 열 행렬의 열 | D_K · D_K · M, 채널이 맨 뒤 | C · FH · FW, 채널이 맨 앞 |
#
# 글자 N을 조심하세요. 책에서는 그림의 수, 여기서는 필터의 수입니다. 행은 같고, 한 행 안에서 수가 놓이는 순서만 다릅니다.

# %%
two = np.arange(1.0, 19.0).reshape(1, 3, 3, 2)  # two channels
ours = nm.conv.im2col(two, D_K=2, padding="valid")  # (B, H', W', D_K, D_K, M)
book = ours.transpose(0, 1, 2, 5, 3, 4)  # (B, H', W', M, D_K, D_K)
print(ours.reshape(4, 8)[0])
print(book.reshape(4, 8)[0])

# %%
channels_first = two.transpose(0, 3, 1, 2)  # (N, C, H, W), in the book's letters
assert (book.reshape(4, 8)[0] == channels_first[0, :, :2, :2].ravel()).all(), "C, FH, FW: channels first"

# %% [markdown] lang="en"
# Odd numbers are channel 0, even ones channel 1. Ours takes pixel by pixel, the book's channel by channel; as long as the kernel is laid out in the same order, the products and their sum are the same.

# %% [markdown] lang="ko" of="13bcd413"
# 홀수는 0번 채널, 짝수는 1번 채널입니다. 우리는 픽셀 순서로, 책은 채널 순서로 늘어놓습니다. 커널도 같은 순서로 늘어놓기만 하면 곱도 합도 같습니다.

# %% [markdown] lang="en"
# ## A race, step by step
#
# Below, two ways to make three output channels from two input channels run side by side, at the same number of mult-adds a step: the standard convolution of
# this lesson, and the separable one of lesson 2. Press **Next**, or **Play**. Watch the window, the column that it becomes, and the count.
#
# **Predict first.** Which one is done first, and how far is the other one then?

# %% [markdown] lang="ko" of="c3cdb6ab"
# ## 한 걸음씩 겨루기
#
# 아래에서는 입력 채널 둘로 출력 채널 셋을 만드는 두 방법이 나란히 달립니다. 한 걸음에 하는 곱셈-덧셈 수는 같습니다. 하나는 이 강의의 표준 합성곱, 다른 하나는 2강에서 배울 분리형 합성곱입니다.
# **다음**이나 **재생**을 누르고, 창과 그 창이 되는 열, 그리고 센 수를 지켜보세요.
#
# **먼저 예상해 보세요.** 어느 쪽이 먼저 끝날까요? 그때 다른 쪽은 어디쯤 가 있을까요?

# %%
nm.interactive.stepper()

# %% [markdown] lang="en"
# The separable one is done after four ninths of the way. Why it is just that fraction is the subject of lesson 2.

# %% [markdown] lang="ko" of="6cfef5a2"
# 분리형은 9분의 4 지점에서 끝납니다. 왜 꼭 그 비율인지는 2강에서 알아봅니다.

# %% [markdown] lang="en"
# ## Exercises
#
# 1. By hand: the same picture with the kernel that has 1 at the top left, -1 at the bottom right and 0 elsewhere. Why are all four outputs equal?
# 2. A 5 x 5 picture and a 3 x 3 kernel, one channel, one filter: how many mult-adds with `padding="valid"`, and how many with `"same"`?
# 3. In the 3 x 3 picture with a 2 x 2 kernel and no padding, how often is each pixel copied? Add the nine numbers up: what else is that sum?
# 4. With stride 2 the window moves by two pixels. How many times as large as a 224 x 224 picture are its columns then, for a 3 x 3 kernel? Check with `nm.conv.im2col(x, 3, stride=2)`.
# 5. Mathematicians turn the kernel by 180 degrees before they lay it on, and only then call it a convolution. What does that change in our first output, and what in the count? Why does a network that learns its kernels not care?
#
# <details><summary>Answers</summary>
#
# 1. $1 - 5 = 2 - 6 = 4 - 8 = 5 - 9 = -4$. The picture rises evenly, by 4 from any pixel to the one below on the right.
# 2. $9 \cdot 9 = 81$ and $25 \cdot 9 = 225$.
# 3. Corners once, edges twice, the middle four times: $4 \cdot 1 + 4 \cdot 2 + 1 \cdot 4 = 16$. It is the size of the columns, and, with one filter, the number of mult-adds.
# 4. $112^2 \cdot 9 / 224^2 = 9/4$ times.
# 5. $4 \cdot 1 + 3 \cdot 2 + 2 \cdot 4 + 1 \cdot 5 = 23$ instead of 37; the count stays at 16. A network would learn the turned kernel, and do the same with it.
#
# </details>

# %% [markdown] lang="ko" of="bebfd8bc"
# ## 연습 문제
#
# 1. 손으로: 같은 그림에, 왼쪽 위가 1, 오른쪽 아래가 -1, 나머지가 0인 커널을 써 보세요. 왜 네 출력이 모두 같을까요?
# 2. 5 x 5 그림과 3 x 3 커널, 채널 하나, 필터 하나입니다. `padding="valid"`이면 곱셈-덧셈이 몇 번이고, `"same"`이면 몇 번인가요?
# 3. 3 x 3 그림에 2 x 2 커널, 채움이 없을 때 각 픽셀은 몇 번 베껴지나요? 아홉 수를 모두 더하면, 그 합은 또 무엇인가요?
# 4. 보폭(stride)이 2이면 창이 두 픽셀씩 움직입니다. 3 x 3 커널에서 열 행렬은 224 x 224 그림의 몇 배가 되나요? `nm.conv.im2col(x, 3, stride=2)`로 확인해 보세요.
# 5. 수학에서는 커널을 180도 돌려서 올려놓아야 합성곱이라고 부릅니다. 그러면 첫 출력은 어떻게 바뀌고, 센 수는 어떻게 바뀌나요? 커널을 스스로 배우는 네트워크에게는 왜 상관이 없을까요?
#
# <details><summary>답</summary>
#
# 1. $1 - 5 = 2 - 6 = 4 - 8 = 5 - 9 = -4$입니다. 그림의 값이 고르게 커져서, 어느 픽셀에서든 오른쪽 아래로 한 칸 가면 4가 늘어납니다.
# 2. $9 \cdot 9 = 81$번, $25 \cdot 9 = 225$번입니다.
# 3. 귀퉁이는 한 번, 변은 두 번, 한가운데는 네 번입니다. $4 \cdot 1 + 4 \cdot 2 + 1 \cdot 4 = 16$. 열 행렬의 크기이고, 필터가 하나라면 곱셈-덧셈의 횟수이기도 합니다.
# 4. $112^2 \cdot 9 / 224^2 = 9/4$배입니다.
# 5. 37 대신 $4 \cdot 1 + 3 \cdot 2 + 2 \cdot 4 + 1 \cdot 5 = 23$이 되고, 센 수는 16 그대로입니다. 네트워크는 돌려진 커널을 배울 테고, 결과는 같습니다.
#
# </details>
