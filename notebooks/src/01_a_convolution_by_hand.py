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
# MobileNet is a **network** that says what an image shows. A network is a sequence of **layers**: the output of one layer is the input of the next one. Almost everything that MobileNet computes is convolutions.
# In this lesson you compute a small convolution on paper, write it as loops and as one matrix product, and count how many multiplications it makes.
#
# After this lesson you can
#
# - compute a small convolution on paper, with stride and with padding;
# - compute the size of its output, its number of parameters and its number of mult-adds;
# - write a convolution as nested loops and as one matrix product (im2col), and show that both give the same result;
# - say how much memory the im2col matrix needs.
#
# About 40 minutes, without the exercises. You need: sums of products, and a little Python and NumPy. Have pencil and paper ready.

# %% [markdown] lang="ko" of="5a8b83a3"
# # 1. 손으로 하는 합성곱
#
# MobileNet은 이미지에 무엇이 있는지 알아내는 **네트워크**(network)입니다. 네트워크는 **층**(layer)을 차례로 쌓은 것이고, 한 층의 출력이 다음 층의 입력이 됩니다. MobileNet이 하는 계산은 거의 모두 합성곱(convolution)입니다.
# 이번 강의에서는 작은 합성곱을 종이에 직접 계산해 봅니다. 같은 계산을 반복문과 행렬 곱으로도 하고, 곱셈을 몇 번 하는지 세어 봅니다.
#
# 이 강의를 마치면
#
# - 스트라이드와 패딩이 있는 작은 합성곱을 종이에 계산할 수 있습니다.
# - 출력의 크기, 매개변수 수, 곱셈-누산 횟수를 구할 수 있습니다.
# - 합성곱을 중첩 반복문과 행렬 곱 한 번(im2col)으로 쓰고, 두 결과가 같음을 보일 수 있습니다.
# - im2col 행렬의 메모리 사용량을 구할 수 있습니다.
#
# 강의 시간은 연습 문제를 빼고 약 40분입니다. 곱해서 더하는 계산과 기초적인 파이썬, NumPy를 알고 있으면 됩니다. 연필과 종이를 준비하세요.
#
# 바로 아래 셀은 npmobile을 불러옵니다. install npmobile first라는 오류가 나면 먼저 npmobile을 설치해야 합니다. 내려받은 폴더에서 설치하거나, Colab이나 JupyterLite라면 첫 줄의 따옴표 안에 wheel 파일의 주소나 업로드한 파일의 이름을 적으세요.

# %%
WHEEL = ""  # in Colab or JupyterLite: the address of npmobile's wheel, or the name of the file that you uploaded
try:
    import npmobile as nm
except ImportError as error:
    if not WHEEL:
        raise ImportError("install npmobile first: pip install . in its folder, or name its wheel above") from error
    # %pip install -q {WHEEL}
    import npmobile as nm
import numpy as np

_ = nm.language.use("en")

# %% [markdown] lang="en"
# ## What does a convolution compute?
#
# A grey **image** is a table of numbers, one number for each **pixel**. Our image has 3 x 3 pixels. A **kernel** is a small table of numbers. Ours is 2 x 2.
#
# Place the kernel on the top left corner of the image, so that it covers 2 x 2 pixels. The pixels that the kernel covers are called the **window**.
# Multiply each pixel of the window by the number of the kernel that lies on it, and add the four products. The sum is the first number of the **output**.
# Then move the kernel one pixel to the right and do the same again. At the end of a row, go on at the left, one row further down.
#
# As an equation:
#
# $$G_{k,l} = \sum_{i,j} K_{i,j} \cdot F_{k+i-1,\;l+j-1}$$
#
# $F$ is the image, $K$ is the kernel and $G$ is the output. $k$ and $l$ are a row and a column of the output, $i$ and $j$ are a row and a column of the kernel. All of them count from 1, as in the paper.

# %% [markdown] lang="ko" of="0f32af20"
# ## 합성곱의 계산
#
# 합성곱은 무엇을 계산할까요? 흑백 **이미지**(image)는 숫자로 된 표이고, **픽셀**(pixel)마다 숫자가 하나 있습니다. 우리 이미지는 3 x 3 픽셀입니다. **커널**(kernel)은 숫자로 된 작은 표입니다. 우리 커널은 2 x 2입니다.
#
# 커널을 이미지의 왼쪽 위 모서리에 놓으면 2 x 2 픽셀을 덮습니다. 이렇게 커널이 덮는 영역을 **윈도우**(window)라고 합니다.
# 윈도우의 픽셀마다 그 위에 놓인 커널의 원소를 곱하고, 곱 네 개를 모두 더합니다. 이 합이 **출력**의 첫 번째 원소입니다.
# 그다음 커널을 오른쪽으로 한 픽셀 옮겨서 똑같이 계산합니다. 오른쪽 끝에 닿으면 한 행 아래로 내려가 왼쪽부터 다시 시작합니다.
#
# 식으로 쓰면 다음과 같습니다.
#
# $$G_{k,l} = \sum_{i,j} K_{i,j} \cdot F_{k+i-1,\;l+j-1}$$
#
# $F$는 이미지, $K$는 커널, $G$는 출력입니다. $k$와 $l$은 출력의 행과 열, $i$와 $j$는 커널의 행과 열입니다. 논문에서처럼 모두 1부터 셉니다.

# %%
image = np.arange(1.0, 10.0).reshape(3, 3)
kernel = np.array([[1.0, 2.0], [3.0, 4.0]])
nm.plots.by_hand(image, kernel, window=0)

# %% [markdown] lang="en"
# The coloured window holds the pixels 1, 2, 4 and 5. Beside each pixel stands the number of the kernel that it is multiplied by. The first output is $1 \cdot 1 + 2 \cdot 2 + 3 \cdot 4 + 4 \cdot 5 = 37$.
#
# **Predict first.** Compute the three outputs that are still question marks. How many multiplications do all four outputs take?

# %% [markdown] lang="ko" of="392f82d9"
# 색칠한 윈도우에는 픽셀 1, 2, 4, 5가 있습니다. 픽셀 옆의 작은 숫자는 그 픽셀에 곱하는 커널의 원소입니다. 첫 번째 출력은 $1 \cdot 1 + 2 \cdot 2 + 3 \cdot 4 + 4 \cdot 5 = 37$입니다.
#
# **먼저 예상해 보세요.** 아직 물음표인 출력 세 개를 종이에 계산해 보세요. 출력 네 개를 모두 구하려면 곱셈을 몇 번 해야 할까요?

# %% jupyter={"outputs_hidden": true}
nm.plots.by_hand(image, kernel, window=3)

# %% [markdown] lang="en"
# The outputs are 37, 47, 67 and 77. The kernel has four positions on the image, and each position takes four products. Together these are 16 multiplications.

# %% [markdown] lang="ko" of="82619432"
# 출력은 37, 47, 67, 77입니다. 커널을 놓을 수 있는 위치가 네 곳이고 위치마다 곱셈을 네 번 하므로, 곱셈은 모두 16번입니다.

# %% [markdown] lang="en"
# ## How do we count the work?
#
# A computer does the same as you did on paper. It keeps a sum and adds one product after the other. One multiplication, together with the addition of its product to the sum, is called a **mult-add** (multiply-add). Here is the first window:

# %% [markdown] lang="ko" of="eaf3f584"
# ## 연산량과 매개변수
#
# 계산을 얼마나 했는지는 어떻게 셀까요? 컴퓨터도 종이에 할 때와 똑같이 계산합니다. 합을 0에서 시작해서 곱을 하나씩 더해 나갑니다. 곱셈 한 번과, 그 결과를 합에 더하는 덧셈 한 번을 묶어서 **곱셈-누산**(mult-add, MAC) 한 번이라고 합니다. 첫 번째 윈도우는 이렇게 계산합니다.

# %%
total = 0.0
for i, j in np.ndindex(2, 2):
    print(f"{total:2g} + {kernel[i, j]:g} x {image[i, j]:g}", end=" = ")
    total += kernel[i, j] * image[i, j]
    print(f"{total:g}")

# %% [markdown] lang="en"
# These are four lines and four mult-adds. The first product is added to 0. We count it like the others.
#
# The numbers in the kernel are called **parameters** (or weights). In a network nobody chooses them by hand. They are found by **training**: a program changes them little by little, until the network gives good answers for many example images. Our kernel has 4 parameters. The number of mult-adds tells how much there is to compute, and the number of parameters tells how much there is to store.
#
# The next cell computes all windows. The line with `+=` and `*` is the equation, and `mult_adds` grows by 1 each time this line runs:

# %% [markdown] lang="ko" of="8f4ab9ed"
# 네 줄이므로 곱셈-누산은 네 번입니다. 첫 번째 곱은 0에 더하지만 똑같이 한 번으로 셉니다.
#
# 커널의 원소를 **매개변수**(parameter) 또는 가중치라고 합니다. 실제 네트워크에서는 이 값을 사람이 정하지 않고 **학습**(training)으로 찾습니다. 많은 예제 이미지에 대해 네트워크의 답이 좋아지도록 프로그램이 값을 조금씩 바꾸는 것입니다. 우리 커널의 매개변수는 4개입니다. 곱셈-누산 횟수는 계산이 얼마나 많은지를 나타내고, 매개변수 수는 저장할 것이 얼마나 많은지를 나타냅니다. 이 강의에서 **연산량**(cost)이라고 하면 곱셈-누산 횟수를 뜻합니다.
#
# 다음 셀은 윈도우를 모두 계산합니다. `+=`와 `*`가 있는 줄이 위의 식이고, 이 줄을 실행할 때마다 `mult_adds`가 1씩 늘어납니다.
#
# 코드의 출력은 영어로 나옵니다. 이번 강의에 나오는 표현은 다음과 같습니다.
#
# | 출력 | 뜻 |
# |---|---|
# | 16 mult-adds, 4 parameters | 곱셈-누산 16번, 매개변수 4개 |
# | windows start at the rows | 윈도우가 시작하는 행 |
# | output channel 0 | 출력 채널 0 |
# | Counted: ... multiplications, ... additions | 센 횟수: 곱셈 ...번, 덧셈 ...번 |
# | 9 times as large | 9배 |
# | here, book | 이 강의, 책 |
#
# assert로 시작하는 줄은 결과가 맞는지 검사합니다. 줄 끝의 영어 문장은 결과가 틀렸을 때 출력되는 힌트입니다.

# %%
G, mult_adds = np.zeros((2, 2)), 0
for k, l, i, j in np.ndindex(2, 2, 2, 2):  # four loops, one inside the other
    G[k, l] += kernel[i, j] * image[k + i, l + j]
    mult_adds += 1
print(G.tolist(), mult_adds, "mult-adds,", kernel.size, "parameters")

# %%
assert G.tolist() == [[37, 47], [67, 77]], "does your kernel move right first, then down?"
assert mult_adds == kernel.size * G.size == 16, "each output uses each parameter once"

# %% [markdown] lang="en"
# The outputs are the ones that you computed on paper. Python counts from 0, so the $-1$ of the equation is not in the code. The 16 is not computed by a formula: it is how often the line ran. It equals the number of parameters times the number of outputs, $4 \cdot 4$, because each output uses each parameter once.

# %% [markdown] lang="ko" of="b4340790"
# 출력이 종이에 계산한 값과 같습니다. 파이썬은 0부터 세므로 식의 $-1$이 코드에는 없습니다. 16은 공식으로 구한 값이 아니라 그 줄을 실제로 실행한 횟수입니다. 출력의 원소 하나를 계산할 때마다 모든 매개변수를 한 번씩 쓰므로, 이 횟수는 매개변수 수와 출력의 원소 개수를 곱한 $4 \cdot 4$와 같습니다.

# %% [markdown] lang="en"
# ## How large is the output?
#
# We write $D_F$ for the side of the image, $D_K$ for the side of the kernel and $D_G$ for the side of the output. So far $D_F = 3$, $D_K = 2$ and $D_G = 2$.
#
# The kernel does not have to move by one pixel. The number of pixels from one position to the next is called the **stride**.
#
# Look at the rows only; the columns work in the same way. The first window starts at row 0. A window that starts at row $r$ covers the rows $r$ to $r + D_K - 1$. The last row of the image is row $D_F - 1$, so no window can start after row $D_F - D_K$.
# The windows start at the rows 0, stride, 2 · stride and so on, but not after $D_F - D_K$. The number of these rows is the side of the output:
#
# $$D_G = \left\lfloor \frac{D_F - D_K}{\text{stride}} \right\rfloor + 1$$
#
# The brackets $\lfloor\;\rfloor$ mean that the quotient is rounded down. In Python this is `(D_F - D_K) // stride + 1`.
#
# **Predict first.** Take $D_F = 6$ and $D_K = 3$. How large is the output with stride 1, 2 and 3?

# %% [markdown] lang="ko" of="f1114e1a"
# ## 출력의 크기와 스트라이드
#
# 출력은 얼마나 클까요? 이미지의 한 변의 길이를 $D_F$, 커널의 한 변의 길이를 $D_K$, 출력의 한 변의 길이를 $D_G$라고 씁니다. 지금까지는 $D_F = 3$, $D_K = 2$, $D_G = 2$였습니다.
#
# 커널을 꼭 한 픽셀씩 옮겨야 하는 것은 아닙니다. 커널이 한 번에 이동하는 픽셀 수를 **스트라이드**(stride, 보폭)라고 합니다.
#
# 행만 생각해 봅시다. 열도 마찬가지입니다. 첫 번째 윈도우는 0번 행에서 시작합니다. $r$번 행에서 시작하는 윈도우는 $r$번 행부터 $r + D_K - 1$번 행까지 덮습니다. 이미지의 마지막 행이 $D_F - 1$번이므로, 윈도우는 아무리 늦어도 $D_F - D_K$번 행에서 시작해야 합니다.
# 윈도우가 시작하는 행은 0, 스트라이드, 2 · 스트라이드, ...이고 $D_F - D_K$를 넘지 않습니다. 그 개수가 출력의 한 변의 길이입니다.
#
# $$D_G = \left\lfloor \frac{D_F - D_K}{\text{stride}} \right\rfloor + 1$$
#
# 기호 $\lfloor\;\rfloor$는 버림을 뜻합니다. 파이썬으로는 `(D_F - D_K) // stride + 1`입니다.
#
# **먼저 예상해 보세요.** $D_F = 6$, $D_K = 3$입니다. 스트라이드가 1, 2, 3일 때 출력의 한 변의 길이는 각각 얼마일까요?

# %% jupyter={"outputs_hidden": true}
D_F, D_K = 6, 3
for stride in (1, 2, 3):
    starts = list(range(0, D_F - D_K + 1, stride))  # the first row of each window
    print(f"stride {stride}: windows start at the rows {starts}, so D_G = {len(starts)}")
    assert len(starts) == (D_F - D_K) // stride + 1, "one output row for each start"

# %% [markdown] lang="en"
# The sides are 4, 2 and 2. With stride 2 the windows cover the rows 0 to 2 and 2 to 4. Row 5 lies in no window, because a third window would have to start at row 4 and end at row 6, which does not exist.

# %% [markdown] lang="ko" of="247df0df"
# 답은 4, 2, 2입니다. 스트라이드가 2이면 윈도우는 0~2번 행과 2~4번 행을 덮습니다. 세 번째 윈도우는 4번 행에서 시작해서 6번 행에서 끝나야 하는데 6번 행이 없습니다. 그래서 5번 행은 어느 윈도우에도 들어가지 않습니다.

# %% [markdown] lang="en"
# ## Why do we put zeros around the image?
#
# The output was smaller than the image. In a network with many layers each layer would lose some pixels, and the pixels at the edge would be used less often than the others. Therefore most networks put zeros around the image. This is called **padding**. We use two kinds:
#
# - `"valid"`: no zeros. This is what we had so far.
# - `"same"`: so many zeros that the output has the side $D_G = \lceil D_F / \text{stride} \rceil$. The brackets $\lceil\;\rceil$ mean that the quotient is rounded up. With stride 1 the output is as large as the image, hence the name.
#
# How many zeros are needed? From the first row of the first window to the last row of the last window there are $(D_G - 1) \cdot \text{stride} + D_K$ rows. The image has only $D_F$ of them. The missing rows are zeros: half of them above the image (rounded down) and the rest below. The columns are padded in the same way.
#
# In our example $D_G = \lceil 3 / 1 \rceil = 3$, so $2 \cdot 1 + 2 - 3 = 1$ row is missing. It goes below the image, and one column of zeros goes to the right.

# %% [markdown] lang="ko" of="ffd93c21"
# ## 패딩
#
# 왜 이미지 둘레에 0을 채울까요? 앞의 예제에서는 출력이 이미지보다 작아졌습니다. 층이 많은 네트워크라면 층마다 픽셀을 조금씩 잃고, 가장자리의 픽셀은 다른 픽셀보다 적게 쓰입니다. 그래서 대부분의 네트워크는 이미지 둘레에 0을 채웁니다. 이것을 **패딩**(padding) 또는 제로 패딩이라고 합니다. 여기서는 두 가지를 씁니다.
#
# - `"valid"`: 0을 채우지 않습니다. 지금까지의 계산이 여기에 해당합니다.
# - `"same"`: 출력의 한 변의 길이가 $D_G = \lceil D_F / \text{stride} \rceil$이 되도록 0을 채웁니다. 기호 $\lceil\;\rceil$는 올림을 뜻합니다. 스트라이드가 1이면 출력의 크기가 이미지와 같습니다. 그래서 이름이 "same"입니다.
#
# 0이 몇 행이나 필요할까요? 첫 번째 윈도우의 첫 행부터 마지막 윈도우의 끝 행까지는 모두 $(D_G - 1) \cdot \text{stride} + D_K$행입니다. 이미지는 $D_F$행뿐이므로 모자란 만큼을 0으로 채웁니다. 절반(버림)은 이미지 위에, 나머지는 아래에 채웁니다. 열도 마찬가지입니다.
#
# 우리 예제에서는 $D_G = \lceil 3 / 1 \rceil = 3$이므로 $2 \cdot 1 + 2 - 3 = 1$행이 모자랍니다. 그래서 아래에 한 행, 오른쪽에 한 열을 0으로 채웁니다.

# %%
nm.plots.windows(image, D_K=2, window=8, padding="same")

# %% [markdown] lang="en"
# On the left is the image with its padding zeros, which are grey with dashed lines. There are nine windows now. Each row of the table on the right lists the four numbers of one window: first its upper row, then its lower row. The last window, number 8, is coloured. It contains one pixel and three zeros.
#
# **Predict first.** What is the last output? How many mult-adds are made now, those with the padding zeros included? How many parameters are there?

# %% [markdown] lang="ko" of="e3d0ce1b"
# 왼쪽은 패딩한 이미지입니다. 회색 바탕에 점선으로 그린 칸이 패딩한 0입니다. 이제 윈도우는 0번부터 8번까지 아홉 개입니다. 오른쪽 표에서는 한 행이 윈도우 하나입니다. 윈도우의 위쪽 행 원소 두 개를 먼저 적고, 이어서 아래쪽 행 원소 두 개를 적었습니다(이 표의 이름인 im2col 행렬은 뒤에서 배웁니다). 색칠한 것은 마지막 윈도우인 8번이고, 픽셀 하나와 0 세 개로 되어 있습니다.
#
# **먼저 예상해 보세요.** 마지막 출력은 얼마일까요? 패딩한 0과의 곱까지 세면 곱셈-누산은 몇 번일까요? 매개변수는 몇 개일까요?

# %% jupyter={"outputs_hidden": true}
padded = np.pad(image, ((0, 1), (0, 1)))  # one row of zeros below, one column of zeros to the right
G_same, mult_adds = np.zeros((3, 3)), 0
for k, l, i, j in np.ndindex(3, 3, 2, 2):
    G_same[k, l] += kernel[i, j] * padded[k + i, l + j]
    mult_adds += 1
print(G_same.tolist(), mult_adds, "mult-adds,", kernel.size, "parameters")

# %% [markdown] lang="en"
# The last output is $1 \cdot 9 = 9$, because the three other products are 0. Nine windows with four products each make 36 mult-adds. A product with a padding zero does not change the sum, but the loop makes it, so we count it. The paper counts in the same way. The kernel still has 4 parameters: their number does not depend on the image.
#
# **Predict first.** Now an image of 4 x 4 pixels, a kernel of 3 x 3, stride 2 and `"same"`. How large is the output, and where are the zeros?

# %% [markdown] lang="ko" of="b97810f6"
# 마지막 출력은 $1 \cdot 9 = 9$입니다. 나머지 곱 세 개는 0입니다. 윈도우 아홉 개에서 네 번씩 곱하므로 곱셈-누산은 36번입니다. 패딩한 0과의 곱은 합을 바꾸지 않지만 실제로 계산하므로 함께 셉니다. 논문에서도 이렇게 셉니다. 매개변수는 여전히 4개입니다. 매개변수 수는 이미지의 크기와 관계가 없습니다.
#
# **먼저 예상해 보세요.** 이번에는 이미지가 4 x 4 픽셀, 커널이 3 x 3, 스트라이드가 2이고 패딩은 `"same"`입니다. 출력의 한 변의 길이는 얼마이고, 0은 어디에 들어갈까요?

# %% jupyter={"outputs_hidden": true}
nm.plots.windows(np.arange(1.0, 17.0).reshape(4, 4), D_K=3, window=3, stride=2, padding="same")

# %% [markdown] lang="en"
# The output has the side $\lceil 4/2 \rceil = 2$, so there are four windows. They reach over $(2 - 1) \cdot 2 + 3 = 5$ rows, and one row is missing. Half of 1, rounded down, is 0, so there are no zeros above, and one row of zeros below. The coloured window is the last one. It starts two rows below and two columns to the right of the first one.

# %% [markdown] lang="ko" of="5094bdd2"
# 출력의 한 변의 길이는 $\lceil 4/2 \rceil = 2$이므로 윈도우는 네 개입니다. 윈도우가 모두 $(2 - 1) \cdot 2 + 3 = 5$행에 걸치므로 한 행이 모자랍니다. 1의 절반을 버림하면 0이므로 위에는 채우지 않고 아래에 한 행을 채웁니다. 색칠한 마지막 윈도우는 첫 번째 윈도우보다 두 행 아래, 두 열 오른쪽에서 시작합니다.

# %% [markdown] lang="en"
# ## What changes with several channels and several filters?
#
# A colour photograph has three numbers at each pixel: red, green and blue. In general there are $M$ numbers at each pixel. All numbers at place $m$ together form **channel** $m$. A grey image has one channel, a colour photograph has three.
#
# To use all channels, we need a $D_K \times D_K$ table for each channel. These $M$ tables together are called a **filter**. Every channel of the window is multiplied by its own table, and all $D_K \cdot D_K \cdot M$ products are added up. So one filter makes one output channel.
#
# A layer of a network has $N$ filters and therefore $N$ output channels. All its filters together are the **kernel** of the layer. The output is called a **feature map**. It looks like an image with $N$ channels, and it is the input of the next layer. This is the **standard convolution**, equation 1 of the paper:
#
# $$G_{k,l,n} = \sum_{i,j,m} K_{i,j,m,n} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# We add a second channel to our image, and we use two filters. As in Python, we count channels and filters from 0.
#
# $$\text{channel 0: } \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix} \quad
# \text{channel 1: } \begin{pmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 1 \end{pmatrix} \qquad
# \text{filter 0: } \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}, \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix} \quad
# \text{filter 1: } \begin{pmatrix} 0 & 0 \\ 0 & 1 \end{pmatrix}, \begin{pmatrix} 10 & 0 \\ 0 & 0 \end{pmatrix}$$
#
# At the top left, filter 0 gives 37 from channel 0 and $1 \cdot 1 + 0 \cdot 0 + 0 \cdot 0 + 1 \cdot 1 = 2$ from channel 1. The output is their sum, 39.
#
# **Predict first.** What does filter 1 give at the top left? How many parameters do both filters have together, and how many mult-adds do they make in all four windows?

# %% [markdown] lang="ko" of="a3352bd3"
# ## 채널과 필터
#
# 채널이 여러 개이고 필터도 여러 개이면 무엇이 달라질까요? 컬러 사진에는 픽셀마다 숫자가 세 개 있습니다. 빨강, 초록, 파랑의 밝기입니다. 일반적으로 픽셀 하나에 숫자가 $M$개 있다고 합시다. 모든 픽셀에서 $m$번째 숫자만 모은 것이 **채널**(channel) $m$입니다. 흑백 이미지는 채널이 하나, 컬러 사진은 채널이 세 개입니다.
#
# 모든 채널을 쓰려면 채널마다 $D_K \times D_K$ 크기의 표가 하나씩 있어야 합니다. 이 표 $M$개를 묶어서 **필터**(filter)라고 합니다. 윈도우의 각 채널에 그 채널의 표를 원소끼리 곱하고, $D_K \cdot D_K \cdot M$개의 곱을 모두 더합니다. 그래서 필터 하나로 출력 채널 하나를 얻습니다.
#
# 네트워크의 한 층에는 필터가 $N$개 있으므로 출력 채널도 $N$개입니다. 한 층의 필터를 모두 모은 것이 그 층의 **커널**입니다. 출력은 **특징 맵**(feature map)이라고 합니다. 특징 맵은 채널이 $N$개인 이미지처럼 생겼고, 다음 층의 입력이 됩니다. 이렇게 계산하는 합성곱을 **표준 합성곱**(standard convolution)이라고 하고, 식으로 쓰면 논문의 식 1이 됩니다.
#
# $$G_{k,l,n} = \sum_{i,j,m} K_{i,j,m,n} \cdot F_{k+i-1,\;l+j-1,\;m}$$
#
# 앞의 이미지에 두 번째 채널을 더하고 필터를 두 개 써 봅시다. 채널과 필터의 번호는 파이썬처럼 0부터 셉니다.
#
# $$\text{채널 0: } \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \\ 7 & 8 & 9 \end{pmatrix} \quad
# \text{채널 1: } \begin{pmatrix} 1 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 1 \end{pmatrix} \qquad
# \text{필터 0: } \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}, \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix} \quad
# \text{필터 1: } \begin{pmatrix} 0 & 0 \\ 0 & 1 \end{pmatrix}, \begin{pmatrix} 10 & 0 \\ 0 & 0 \end{pmatrix}$$
#
# 왼쪽 위 윈도우에 필터 0을 적용하면 채널 0에서 37, 채널 1에서 $1 \cdot 1 + 0 \cdot 0 + 0 \cdot 0 + 1 \cdot 1 = 2$가 나옵니다. 출력은 둘을 더한 39입니다.
#
# **먼저 예상해 보세요.** 왼쪽 위 윈도우에 필터 1을 적용하면 얼마일까요? 두 필터의 매개변수는 모두 몇 개일까요? 윈도우 네 개를 모두 계산하면 곱셈-누산은 몇 번일까요?

# %%
D_K, M, N, D_G = 2, 2, 2, 2
F = np.stack([image, np.eye(3)], axis=-1)  # (3, 3, M): channel 0, channel 1
K = np.zeros((D_K, D_K, M, N))
K[:, :, 0, 0], K[:, :, 1, 0] = kernel, np.eye(2)  # filter 0
K[1, 1, 0, 1], K[0, 0, 1, 1] = 1, 10  # filter 1

# %% jupyter={"outputs_hidden": true}
G, mult_adds = np.zeros((D_G, D_G, N)), 0
for k, l, n, i, j, m in np.ndindex(D_G, D_G, N, D_K, D_K, M):
    G[k, l, n] += K[i, j, m, n] * F[k + i, l + j, m]
    mult_adds += 1
print("output channel 0", G[..., 0].tolist(), " output channel 1", G[..., 1].tolist())
print(K.size, "parameters,", mult_adds, "mult-adds")

# %% [markdown] lang="en"
# Filter 1 gives $1 \cdot 5 + 10 \cdot 1 = 15$; all its other products are 0. The two filters have $2 \cdot 2 \cdot 2 \cdot 2 = 16$ parameters, and at each of the four output pixels each parameter is used once: $16 \cdot 4 = 64$ mult-adds. In general
#
# $$\text{parameters} = D_K \cdot D_K \cdot M \cdot N \qquad \text{mult-adds} = D_K \cdot D_K \cdot M \cdot N \cdot D_G \cdot D_G$$
#
# The second formula is equation 2 of the paper. The paper writes $D_F$ instead of $D_G$, because it assumes that the output is as large as the input.
#
# The function `nm.loops.standard_conv` of this package has the same loops. It also knows stride and padding, and it takes several images at once, a **batch** of $B$ images. So its image has the shape `(B, H, W, M)`, where `H` and `W` are height and width. It returns the output and the number of mult-adds.

# %% [markdown] lang="ko" of="8bd605ad"
# 필터 1의 결과는 $1 \cdot 5 + 10 \cdot 1 = 15$입니다. 나머지 곱은 모두 0입니다. 두 필터의 매개변수는 $2 \cdot 2 \cdot 2 \cdot 2 = 16$개이고, 출력 픽셀 네 개에서 모두 한 번씩 쓰므로 곱셈-누산은 $16 \cdot 4 = 64$번입니다. 일반적으로 다음과 같습니다.
#
# $$\text{매개변수 수} = D_K \cdot D_K \cdot M \cdot N \qquad \text{곱셈-누산 횟수} = D_K \cdot D_K \cdot M \cdot N \cdot D_G \cdot D_G$$
#
# 두 번째 식이 논문의 식 2입니다. 논문에서는 출력의 크기가 입력과 같다고 가정하기 때문에 $D_G$ 대신 $D_F$를 씁니다.
#
# 이 패키지의 함수 `nm.loops.standard_conv`도 똑같은 반복문으로 되어 있습니다. 여기에 더해 스트라이드와 패딩을 정할 수 있고, 이미지 $B$장을 묶은 **배치**(batch)를 한꺼번에 계산할 수 있습니다. 그래서 이미지의 형상은 `(B, H, W, M)`입니다. `H`와 `W`는 높이와 너비입니다. 이 함수는 출력과 곱셈-누산 횟수를 반환합니다.

# %%
y, counted = nm.loops.standard_conv(F[np.newaxis], K, padding="valid")  # (1, 3, 3, M) -> (1, 2, 2, N)
assert (y[0] == G).all() and counted == mult_adds == 64, "the same loops, so the same sums and the same count"
y, counted = nm.loops.standard_conv(image.reshape(1, 3, 3, 1), kernel.reshape(2, 2, 1, 1), padding="same")
assert (y[0, :, :, 0] == G_same).all() and counted == 36, "the example with padding: M = N = 1"
print(y.shape, counted)

# %% [markdown] lang="en"
# **Predict first.** An image of 3 x 3 pixels with 3 channels, five filters of 2 x 2, no padding. How many parameters and how many mult-adds?

# %% [markdown] lang="ko" of="9f85aac8"
# **먼저 예상해 보세요.** 이미지는 3 x 3 픽셀에 채널이 3개이고, 필터는 2 x 2 크기로 5개이고, 패딩은 없습니다. 매개변수는 몇 개이고 곱셈-누산은 몇 번일까요?

# %% jupyter={"outputs_hidden": true}
many = np.ones((2, 2, 3, 5))  # (D_K, D_K, M, N)
y, counted = nm.loops.standard_conv(np.ones((1, 3, 3, 3)), many, padding="valid")
print(y.shape, many.size, "parameters,", counted, "mult-adds")
assert (many.size, counted) == (2 * 2 * 3 * 5, 2 * 2 * 3 * 5 * 2 * 2), "parameters, times output pixels"

# %% [markdown] lang="en"
# There are 60 parameters and 240 mult-adds. With one channel and one filter there were 4 and 16, so both grew by the factor $M \cdot N = 15$: every filter uses every channel. Lesson 2 is about this product $M \cdot N$.

# %% [markdown] lang="ko" of="2ba32318"
# 매개변수는 60개, 곱셈-누산은 240번입니다. 채널과 필터가 하나씩일 때는 4개와 16번이었으니 둘 다 $M \cdot N = 15$배가 되었습니다. 모든 필터가 모든 채널을 쓰기 때문입니다. 2강에서는 바로 이 $M \cdot N$을 줄이는 방법을 배웁니다.

# %% [markdown] lang="en"
# ## How does a convolution become one matrix product?
#
# Loops in Python are slow, and matrix products in NumPy are fast. Can we compute a convolution with one matrix product?
#
# We copy each window into one row of a matrix. This matrix is called the **im2col matrix**; it has one row for each window, and the row is the **flattened window**. The kernel becomes a column. In a matrix product, a row times a column is a sum of products, and this sum is exactly one output.
#
# **Predict first.** Take our image with 3 x 3 pixels and one channel, the 2 x 2 kernel and no padding. Which shape has the im2col matrix? Which pixel is copied most often?

# %% [markdown] lang="ko" of="7bfcbdd0"
# ## im2col과 행렬 곱
#
# 파이썬의 반복문은 느리고 NumPy의 행렬 곱은 빠릅니다. 합성곱을 행렬 곱 한 번으로 계산할 수 있을까요?
#
# 윈도우를 하나씩 행렬의 한 행에 복사합니다. 이 행렬을 **im2col 행렬**(im2col matrix)이라고 합니다. 행 하나는 윈도우 하나를 한 줄로 펼친 것이고, **펼친 윈도우**(flattened window)라고 합니다. 커널은 한 열로 펼칩니다. 행렬 곱에서는 행과 열의 원소끼리 곱해서 더하는데, 이 합이 바로 출력의 원소 하나입니다.
#
# **먼저 예상해 보세요.** 이미지는 채널이 하나인 3 x 3 픽셀, 커널은 2 x 2이고, 패딩은 없습니다. im2col 행렬의 형상은 무엇일까요? 가장 여러 번 복사되는 픽셀은 어느 것일까요?

# %% jupyter={"outputs_hidden": true}
nm.plots.windows(image, D_K=2, window=3)

# %% [markdown] lang="en"
# There are four windows with four numbers each, so the matrix is 4 x 4. The pixel in the middle, 5, lies in all four windows and is copied four times. A pixel in a corner lies in one window only. Now we multiply:

# %% [markdown] lang="ko" of="9a0c46cc"
# 윈도우가 네 개이고 윈도우마다 원소가 네 개이므로 4 x 4 행렬입니다. 한가운데의 5는 네 윈도우에 모두 들어가므로 네 번 복사됩니다. 모서리의 픽셀은 한 윈도우에만 들어갑니다. 이제 행렬을 곱해 봅시다.

# %%
matrix = nm.conv.im2col(image.reshape(1, 3, 3, 1), D_K=2, padding="valid").reshape(4, 4)
outputs = matrix @ kernel.reshape(4)  # (4, 4) @ (4,) -> (4,): one output for each row
assert outputs.tolist() == [37, 47, 67, 77], "is the kernel flattened row by row, like the windows?"
print(outputs)

# %% [markdown] lang="en"
# One matrix product gives the same four numbers as paper and pencil. But how does im2col copy the windows without a slow loop over all windows? It does not copy row by row. It copies column by column.
#
# Look at the figure above again. The labels below its columns are the positions $(i, j)$ in the window. Column $(0, 0)$ holds the top left pixel of every window: 1, 2, 4, 5. These pixels are a part of the image, and the other columns are the same part moved by $i$ rows and $j$ columns:

# %% [markdown] lang="ko" of="3dabaaa7"
# 행렬 곱 한 번으로 종이에 계산한 네 값이 나왔습니다. 그런데 윈도우가 아주 많으면 복사하는 데에도 느린 반복문이 필요하지 않을까요? im2col은 행 단위가 아니라 열 단위로 복사합니다.
#
# 위의 그림을 다시 보세요. 열 아래의 눈금 레이블은 윈도우 안의 위치 $(i, j)$입니다. $(0, 0)$ 열에는 모든 윈도우의 왼쪽 위 픽셀 1, 2, 4, 5가 있습니다. 이 픽셀들은 이미지의 일부분이고, 다른 열은 이 부분을 $i$행, $j$열만큼 옮긴 것입니다.

# %%
copied = np.zeros((2, 2, 2, 2))  # (D_G, D_G, D_K, D_K)
for i, j in np.ndindex(2, 2):
    copied[:, :, i, j] = image[i : i + 2, j : j + 2]
    print((i, j), image[i : i + 2, j : j + 2].ravel(), matrix[:, 2 * i + j])
assert (copied.reshape(4, 4) == matrix).all(), "column 2 i + j is the image, moved by (i, j)"

# %% [markdown] lang="en"
# So im2col needs only $D_K \cdot D_K$ copies, one for each position in the kernel, however large the image is.
#
# With several channels a flattened window has $D_K \cdot D_K \cdot M$ numbers, and with several filters the kernel becomes a matrix with one column for each filter. The example with two channels and two filters:

# %% [markdown] lang="ko" of="7d8e0587"
# 그래서 이미지가 아무리 커도 $D_K \cdot D_K$번만 복사하면 됩니다. 커널의 칸 하나에 한 번씩입니다.
#
# 채널이 여러 개이면 펼친 윈도우의 원소가 $D_K \cdot D_K \cdot M$개가 됩니다. 필터가 여러 개이면 커널도 행렬이 되고, 한 열에 필터가 하나씩 들어갑니다. 채널 두 개, 필터 두 개인 앞의 예제를 다시 계산해 봅시다.

# %%
matrix = nm.conv.im2col(F[np.newaxis], D_K=2, padding="valid").reshape(4, 8)  # (D_G D_G, D_K D_K M)
product = matrix @ K.reshape(8, 2)  # (4, 8) @ (8, N) -> (4, N)
assert (product.reshape(2, 2, 2) == G).all(), "are the numbers in a row and in a column in the same order?"
print(product[0])  # the first output pixel

# %% [markdown] lang="en"
# The first row is the first output pixel, with 39 and 15 in its two channels, as before.

# %% [markdown] lang="ko" of="077e3cf7"
# 첫 행이 첫 번째 출력 픽셀입니다. 두 채널의 값은 앞에서와 같이 39와 15입니다.

# %% [markdown] lang="en"
# ## Do four ways of counting agree?
#
# This package counts mult-adds in four ways, and none of them uses another:
#
# | | how it counts |
# |---|---|
# | `nm.loops` | adds 1 at each mult-add, as we did |
# | `nm.conv` | uses im2col, and multiplies the three sizes of the matrix product that it ran |
# | `nm.cost` | evaluates the formula |
# | `nm.counting` | runs any function with numbers that count their own multiplications |
#
# **Predict first.** An image of 12 x 12 pixels with 3 channels, eight filters of 3 x 3, stride 1, `"same"`. How many parameters and how many mult-adds?

# %% [markdown] lang="ko" of="a2790f9f"
# ## 연산 횟수를 세는 네 가지 방법
#
# 서로 다른 방법으로 세어도 횟수가 같을까요? 이 패키지에서는 곱셈-누산을 네 가지 방법으로 셀 수 있습니다. 어느 방법도 다른 방법을 이용하지 않습니다.
#
# | | 세는 방법 |
# |---|---|
# | `nm.loops` | 우리가 한 것처럼 곱셈-누산을 할 때마다 1을 더합니다. |
# | `nm.conv` | im2col을 쓰고, 실제로 계산한 행렬 곱의 세 가지 크기를 곱합니다. |
# | `nm.cost` | 식에 크기를 대입합니다. |
# | `nm.counting` | 곱할 때마다 횟수가 자동으로 기록되는 숫자를 넣어서 함수를 실행합니다. 어떤 함수든 됩니다. |
#
# **먼저 예상해 보세요.** 이미지는 12 x 12 픽셀에 채널이 3개이고, 필터는 3 x 3 크기로 8개입니다. 스트라이드는 1, 패딩은 `"same"`입니다. 매개변수는 몇 개이고 곱셈-누산은 몇 번일까요?

# %% jupyter={"outputs_hidden": true}
rng = np.random.default_rng(0)
x, K = rng.normal(size=(1, 12, 12, 3)), rng.normal(size=(3, 3, 3, 8))
y_loops, counted = nm.loops.standard_conv(x, K)
y_conv, reported = nm.conv.standard_conv(x, K)
formula = nm.cost.standard(D_K=3, M=3, N=8, D_G=12)
watched = nm.counting.count(nm.conv.standard_conv, x, K)
print(K.size, "parameters;", f"mult-adds: {counted:,} {reported:,} {formula:,} {watched.multiplications:,}")

# %%
assert np.allclose(y_loops, y_conv), "loops and im2col must give the same output"
assert counted == reported == formula == watched.multiplications == 31_104, "one of the four counts wrongly"
print(watched)

# %% [markdown] lang="en"
# All four say 31,104, which is $3 \cdot 3 \cdot 3 \cdot 8 = 216$ parameters times $12 \cdot 12 = 144$ output pixels. The loops and the matrix product give the same output. So im2col does not save a single mult-add. It makes the same ones in an order in which the computer is fast.
#
# The last line shows fewer additions than multiplications. Our loops start each sum with 0 and add 27 products. The matrix product starts each sum with the first product and adds the other 26. That is 1 addition fewer for each of the $144 \cdot 8 = 1{,}152$ outputs. The number of multiplications is the same, and this is the number that we call mult-adds.

# %% [markdown] lang="ko" of="1edde4f5"
# 네 방법 모두 31,104번입니다. 매개변수 $3 \cdot 3 \cdot 3 \cdot 8 = 216$개에 출력 픽셀 $12 \cdot 12 = 144$개를 곱한 값입니다. 반복문과 행렬 곱은 출력도 같습니다. 즉 im2col은 곱셈-누산을 한 번도 줄이지 않습니다. 같은 계산을 컴퓨터가 빠르게 할 수 있는 순서로 할 뿐입니다.
#
# 마지막 줄을 보면 덧셈이 곱셈보다 적습니다. 앞의 반복문은 0에서 시작해 곱 27개를 더하지만, 행렬 곱은 첫 번째 곱에서 시작해 나머지 26개를 더하기 때문입니다. 그래서 출력의 원소 $144 \cdot 8 = 1{,}152$개마다 덧셈이 한 번씩 적습니다. 곱셈 횟수는 같고, 이 횟수가 우리가 말하는 곱셈-누산 횟수입니다.

# %% [markdown] lang="en"
# ## How much memory does the im2col matrix need?
#
# The matrix product is fast, but the copies need memory: each pixel is copied into every window that contains it.
#
# **Predict first.** An image of 224 x 224 pixels with 3 channels, a 3 x 3 kernel, stride 1 and `"same"`. How many times as large as the image is the im2col matrix?

# %% [markdown] lang="ko" of="548d00da"
# ## im2col 행렬의 메모리 사용량
#
# 행렬 곱은 빠르지만, 복사한 윈도우를 저장할 메모리가 필요합니다. 한 픽셀이 여러 윈도우에 들어 있으면 그 횟수만큼 복사되기 때문입니다. 메모리가 얼마나 더 필요할까요?
#
# **먼저 예상해 보세요.** 이미지는 224 x 224 픽셀에 채널이 3개이고, 커널은 3 x 3, 스트라이드는 1, 패딩은 `"same"`입니다. im2col 행렬의 크기는 이미지의 몇 배일까요?

# %% jupyter={"outputs_hidden": true}
x = np.zeros((1, 224, 224, 3), np.float32)  # 4 bytes for each number
print(f"image {x.nbytes:,} bytes, im2col matrix {nm.conv.im2col(x, D_K=3).nbytes:,} bytes")
for D_K in (1, 3, 5, 7):
    times = nm.conv.im2col(x, D_K).nbytes / x.nbytes
    print(f"{D_K} x {D_K} kernel: {times:g} times as large")
    assert times == D_K**2, "one copy of the image for each position in the kernel"

# %% [markdown] lang="en"
# It is 9 times as large, 5.4 million instead of 0.6 million bytes. In general it is $D_K^2$ times as large, because there is one moved copy of the image for each position in the kernel.
#
# Look at the 1 x 1 kernel: its matrix is as large as the image. A window is a single pixel, so the pixels of the image already are the flattened windows and nothing has to be copied. Lesson 2 uses a convolution with such a kernel.

# %% [markdown] lang="ko" of="14aac880"
# 9배입니다. 약 60만 바이트가 540만 바이트가 됩니다. 일반적으로는 $D_K^2$배입니다. 커널의 칸마다 이미지 전체를 조금씩 옮겨서 한 번씩 복사하기 때문입니다.
#
# 1 x 1 커널을 보세요. im2col 행렬의 크기가 이미지와 같습니다. 윈도우가 픽셀 하나이므로 이미지의 픽셀이 그대로 펼친 윈도우이고, 복사할 것이 없습니다. 2강에서 이런 커널을 쓰는 합성곱을 배웁니다.

# %% [markdown] lang="en"
# ## How does the book *Deep Learning from Scratch* write this?
#
# Saito's book uses the same im2col with other letters, and it puts the channels first:
#
# | | here | in the book |
# |---|---|---|
# | batch of images | (B, H, W, M) | (N, C, H, W) |
# | filters | (D_K, D_K, M, N) | (FN, C, FH, FW) |
# | number of rows of the matrix | B · H' · W' | N · out_h · out_w |
# | order of the numbers in a row | D_K, D_K, M: channels last | C, FH, FW: channels first |
#
# H' and W' are the height and the width of the output. The letter N means the number of images in the book and the number of filters here. We compare the first row of both matrices, for an image with two channels. Channel 0 has the odd numbers and channel 1 has the even numbers:

# %% [markdown] lang="ko" of="317ab02b"
# ## 『밑바닥부터 시작하는 딥러닝』의 im2col
#
# 사이토 고키의 책 『밑바닥부터 시작하는 딥러닝』에도 im2col이 나옵니다. 계산은 같지만, 쓰는 기호가 다르고 채널 축이 앞에 옵니다.
#
# | | 이 강의 | 책 |
# |---|---|---|
# | 이미지 배치 | (B, H, W, M) | (N, C, H, W) |
# | 필터 | (D_K, D_K, M, N) | (FN, C, FH, FW) |
# | 행렬의 행 개수 | B · H' · W' | N · out_h · out_w |
# | 한 행의 원소 순서 | D_K, D_K, M: 채널이 마지막 | C, FH, FW: 채널이 처음 |
#
# H'과 W'은 출력의 높이와 너비입니다. 기호 N이 책에서는 이미지 개수, 이 강의에서는 필터 개수입니다. 채널이 두 개인 이미지로 두 행렬의 첫 행을 비교해 봅시다. 채널 0은 홀수, 채널 1은 짝수입니다.

# %%
two = np.arange(1.0, 19.0).reshape(1, 3, 3, 2)  # (B, H, W, M)
ours = nm.conv.im2col(two, D_K=2, padding="valid")  # (B, H', W', D_K, D_K, M)
book = ours.transpose(0, 1, 2, 5, 3, 4)  # (B, H', W', M, D_K, D_K)
print("here", ours.reshape(4, 8)[0], " book", book.reshape(4, 8)[0])
channels_first = two.transpose(0, 3, 1, 2)  # (N, C, H, W), in the letters of the book
assert (book.reshape(4, 8)[0] == channels_first[0, :, :2, :2].ravel()).all(), "C, FH, FW: channels first"

# %% [markdown] lang="en"
# Our row goes pixel by pixel, and the book's row goes channel by channel. If the kernel is flattened in the same order as the windows, the products and their sum are the same.

# %% [markdown] lang="ko" of="7715ebd4"
# 한 행의 원소를 이 강의에서는 픽셀 순서로, 책에서는 채널 순서로 놓습니다. 커널도 윈도우와 같은 순서로 펼치기만 하면 곱과 합은 똑같습니다.

# %% [markdown] lang="en"
# ## Summary
#
# - Each output of a convolution is a sum of products over a window and over all channels. One product with its addition is one mult-add.
# - The output has the side $\lfloor (D_F - D_K) / \text{stride} \rfloor + 1$ with `"valid"` and $\lceil D_F / \text{stride} \rceil$ with `"same"`.
# - A standard convolution has $D_K \cdot D_K \cdot M \cdot N$ parameters. It uses each of them once at every output pixel, so it makes $D_K \cdot D_K \cdot M \cdot N \cdot D_G \cdot D_G$ mult-adds.
# - im2col copies each window into one row of a matrix. Then one matrix product makes the same mult-adds. At stride 1 the matrix is $D_K^2$ times as large as the image.

# %% [markdown] lang="ko" of="3761f16a"
# ## 정리
#
# - 합성곱은 윈도우의 모든 픽셀과 모든 채널에서 곱을 구하고, 그 곱을 모두 더해서 출력의 원소 하나를 얻습니다. 곱셈 한 번과 덧셈 한 번을 묶어서 곱셈-누산 한 번으로 셉니다.
# - 출력의 한 변의 길이는 `"valid"`이면 $\lfloor (D_F - D_K) / \text{stride} \rfloor + 1$, `"same"`이면 $\lceil D_F / \text{stride} \rceil$입니다.
# - 표준 합성곱의 매개변수는 $D_K \cdot D_K \cdot M \cdot N$개입니다. 출력 픽셀마다 모든 매개변수를 한 번씩 쓰므로 곱셈-누산은 $D_K \cdot D_K \cdot M \cdot N \cdot D_G \cdot D_G$번입니다.
# - im2col은 윈도우를 행렬의 한 행에 하나씩 복사합니다. 그러면 행렬 곱 한 번으로 같은 곱셈-누산을 할 수 있습니다. 스트라이드가 1이면 행렬의 크기는 이미지의 $D_K^2$배입니다.

# %% [markdown] lang="en"
# ## Exercises
#
# **1.** By hand: our 3 x 3 image with the kernel $\begin{pmatrix} 1 & 0 \\ 0 & -1 \end{pmatrix}$, without padding. Why are all four outputs equal?
#
# <details><summary>Answer 1</summary>
#
# $1 - 5 = 2 - 6 = 4 - 8 = 5 - 9 = -4$. One step down and one step to the right, the pixel is always larger by 4, and the kernel takes this difference.
#
# </details>
#
# **2.** An image of 5 x 5 pixels with one channel, and one filter of 3 x 3. What are the side of the output, the parameters and the mult-adds for (a) `"valid"` and stride 1, (b) `"same"` and stride 1, (c) `"same"` and stride 2? In (c), where are the zeros?
#
# <details><summary>Answer 2</summary>
#
# There are always 9 parameters. (a) $D_G = 3$ and $9 \cdot 9 = 81$ mult-adds. (b) $D_G = 5$ and $9 \cdot 25 = 225$. (c) $D_G = \lceil 5/2 \rceil = 3$ and again $9 \cdot 9 = 81$. The windows of (c) cover $2 \cdot 2 + 3 = 7$ rows, so two rows are missing: one row of zeros above and one below, and one column on each side.
#
# </details>
#
# **3.** Our 3 x 3 image, a 2 x 2 kernel, no padding: how often is each pixel copied into the im2col matrix? Add up the nine numbers. What else have you counted with this sum?
#
# <details><summary>Answer 3</summary>
#
# The corners are copied once, the four pixels between them twice and the middle four times: $4 \cdot 1 + 4 \cdot 2 + 1 \cdot 4 = 16$. This is the size of the im2col matrix. With one filter it is also the number of mult-adds, because each number of the matrix is multiplied once.
#
# </details>
#
# **4.** In mathematics the kernel of a convolution is turned by 180 degrees before it is placed on the image. What is our first output then, and how many mult-adds does it take? Why does this make no difference to a network that learns its kernels?
#
# <details><summary>Answer 4</summary>
#
# $4 \cdot 1 + 3 \cdot 2 + 2 \cdot 4 + 1 \cdot 5 = 23$ instead of 37, with the same 4 mult-adds. The network would learn the turned kernel, and its output would be the same.
#
# </details>

# %% [markdown] lang="ko" of="20ddb91f"
# ## 연습 문제
#
# **1.** (손 계산) 앞의 3 x 3 이미지에 커널 $\begin{pmatrix} 1 & 0 \\ 0 & -1 \end{pmatrix}$을 패딩 없이 적용하세요. 출력 네 개가 모두 같은 이유는 무엇일까요?
#
# <details><summary>1번 답</summary>
#
# $1 - 5 = 2 - 6 = 4 - 8 = 5 - 9 = -4$입니다. 이 이미지에서는 한 칸 아래, 한 칸 오른쪽으로 가면 언제나 4가 커지고, 커널은 그 차이를 구합니다.
#
# </details>
#
# **2.** 5 x 5 픽셀에 채널이 하나인 이미지와 3 x 3 필터 하나가 있습니다. (a) `"valid"`, 스트라이드 1, (b) `"same"`, 스트라이드 1, (c) `"same"`, 스트라이드 2일 때 출력의 한 변의 길이, 매개변수 수, 곱셈-누산 횟수를 각각 구하세요. (c)에서 0은 어디에 들어갈까요?
#
# <details><summary>2번 답</summary>
#
# 매개변수는 언제나 9개입니다. (a) $D_G = 3$이고 $9 \cdot 9 = 81$번입니다. (b) $D_G = 5$이고 $9 \cdot 25 = 225$번입니다. (c) $D_G = \lceil 5/2 \rceil = 3$이고 다시 $9 \cdot 9 = 81$번입니다. (c)의 윈도우는 모두 $2 \cdot 2 + 3 = 7$행에 걸치므로 두 행이 모자랍니다. 위아래에 한 행씩, 좌우에 한 열씩 0을 채웁니다.
#
# </details>
#
# **3.** 앞의 3 x 3 이미지에 2 x 2 커널을 패딩 없이 적용합니다. 픽셀 아홉 개는 im2col 행렬에 각각 몇 번 복사되나요? 아홉 개의 횟수를 모두 더하세요. 앞에서 이 합과 같은 횟수를 센 적이 있습니다. 무엇을 센 것이었나요?
#
# <details><summary>3번 답</summary>
#
# 모서리 네 픽셀은 한 번, 그 사이의 네 픽셀은 두 번, 한가운데 픽셀은 네 번 복사됩니다. $4 \cdot 1 + 4 \cdot 2 + 1 \cdot 4 = 16$이고, im2col 행렬의 원소 개수입니다. 필터가 하나이면 행렬의 원소를 한 번씩 곱하므로 곱셈-누산 횟수이기도 합니다.
#
# </details>
#
# **4.** 수학에서는 커널을 180도 돌린 다음 이미지에 놓습니다. 그러면 첫 번째 출력은 얼마이고, 곱셈-누산은 몇 번일까요? 커널을 학습하는 네트워크에서는 왜 아무 차이가 없을까요?
#
# <details><summary>4번 답</summary>
#
# 37이 아니라 $4 \cdot 1 + 3 \cdot 2 + 2 \cdot 4 + 1 \cdot 5 = 23$이고, 곱셈-누산은 똑같이 4번입니다. 네트워크는 돌린 커널을 학습할 것이므로 출력은 같습니다.
#
# </details>

# %% [markdown] lang="en"
# **5.** (Code) Write `my_im2col(x, D_K)` for stride 1 without padding. The argument `x` has the shape `(B, H, W, M)`. Return an array of the shape `(B, H', W', D_K, D_K, M)`, where `H'` is `H - D_K + 1` and `W'` is `W - D_K + 1`. Use $D_K \cdot D_K$ copies.
# The cell compares your array with `nm.conv.im2col(x, D_K, padding="valid")`.

# %% [markdown] lang="ko" of="d81841b0"
# **5.** (코딩) 스트라이드가 1이고 패딩이 없는 `my_im2col(x, D_K)`를 작성하세요. `x`의 형상은 `(B, H, W, M)`입니다. 형상이 `(B, H', W', D_K, D_K, M)`인 배열을 반환하세요. `H'`은 `H - D_K + 1`, `W'`은 `W - D_K + 1`입니다. 복사는 $D_K \cdot D_K$번만 합니다.
# 셀의 검사 코드가 결과를 `nm.conv.im2col(x, D_K, padding="valid")`의 결과와 비교합니다. 아직 작성하지 않았으면 "Exercise 5: write ..., then run this cell again"(5번: ...를 작성한 다음 이 셀을 다시 실행하세요), 맞게 작성했으면 "Exercise 5 is right."(5번이 맞았습니다)가 출력됩니다.


# %%
def my_im2col(x, D_K):
    raise NotImplementedError("Exercise 5: write my_im2col, then run this cell again")


x = rng.normal(size=(2, 5, 4, 3))
right = nm.conv.im2col(x, 2, padding="valid")
try:
    windows = my_im2col(x, 2)
    assert windows.shape == right.shape, f"the shape must be {right.shape}, but is {windows.shape}"
    assert (windows == right).all(), "the shape is right, but not the values: what belongs at [..., i, j, :]?"
    print("Exercise 5 is right.")
except NotImplementedError as todo:
    print(todo)

# %% [markdown] lang="en"
# <details><summary>Answer 5</summary>
#
# ```python
# def my_im2col(x, D_K):
#     B, H, W, M = x.shape
#     rows, cols = H - D_K + 1, W - D_K + 1
#     windows = np.zeros((B, rows, cols, D_K, D_K, M))
#     for i, j in np.ndindex(D_K, D_K):
#         windows[:, :, :, i, j, :] = x[:, i : i + rows, j : j + cols, :]
#     return windows
# ```
#
# </details>

# %% [markdown] lang="ko" of="6325463f"
# <details><summary>5번 답</summary>
#
# ```python
# def my_im2col(x, D_K):
#     B, H, W, M = x.shape
#     rows, cols = H - D_K + 1, W - D_K + 1
#     windows = np.zeros((B, rows, cols, D_K, D_K, M))
#     for i, j in np.ndindex(D_K, D_K):
#         windows[:, :, :, i, j, :] = x[:, i : i + rows, j : j + cols, :]
#     return windows
# ```
#
# </details>
