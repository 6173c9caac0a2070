using Lifeboat.Kexec.Entries.Grub;
using Lifeboat.Kexec.Entries.Loader;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Entries.Loader;

public sealed class LoaderVersionTests
{
    /// <summary>From old to new, the order that the Version Format Specification gives in words.</summary>
    private static readonly string[] Ordered =
    [
        "~1", "", "ab", "122.1", "123~rc1-1", "123", "123-a", "123-a.1", "123-3", "123-3.1",
        "123^patch1", "123^1", "123.a-1", "123.1-1", "123a-1", "124",
    ];

    [Fact]
    public void Versions_sort_as_specified()
    {
        for (int i = 0; i < Ordered.Length; i++)
        {
            for (int j = 0; j < Ordered.Length; j++)
            {
                Assert.True(Math.Sign(i.CompareTo(j)) == Math.Sign(LoaderVersion.Compare(Ordered[i], Ordered[j])), $"{Ordered[i]} {Ordered[j]}");
            }
        }
    }

    [Fact]
    public void Random_versions_sort_as_systemd_sorts_them()
    {
        var random = new Random(11);
        const string Letters = "0019ab.-^~_";
        for (int round = 0; round < 60; round++)
        {
            string one = "1" + new string(random.GetItems<char>(Letters, random.Next(5)));
            string other = "1" + new string(random.GetItems<char>(Letters, random.Next(5)));

            // Its exit status tells the order too, so it is not 0.
            string[] answer = Tool.Run("sh", "-c", "systemd-analyze compare-versions \"$1\" \"$2\" || true", "sh", one, other).Trim().Split(' ');
            Assert.SkipUnless(answer.Length == 3, "systemd-analyze is not installed, or an old one");
            int expected = answer[1] switch { "<" => -1, ">" => 1, _ => 0 };
            Assert.True(expected == Math.Sign(LoaderVersion.Compare(one, other)), $"{one} {answer[1]} {other}");
        }
    }

    [Theory]
    [InlineData("00123", "123")]
    [InlineData("123_", "123")]
    [InlineData(null, "")]
    public void Some_spellings_are_one_version(string? one, string other) => Assert.Equal(0, LoaderVersion.Compare(one, other));

    [Theory]
    [InlineData("m-6.17.9-300.fc43", "m-6.17.10-300.fc43")]
    [InlineData("m-0-rescue", "m-6.1-1")]
    [InlineData("m-6.1~rc1-1", "m-6.1-1")]
    [InlineData("m-6.1-1.a", "m-6.1-1.1")]
    [InlineData("m-6.1-1", "m-6.1-1.1")]
    [InlineData("l-9-9", "m-1-1")]
    public void Packages_sort_by_name_version_and_release(string older, string newer)
    {
        Assert.True(PackageVersion.Compare(older, newer) < 0);
        Assert.True(PackageVersion.Compare(newer, older) > 0);
        Assert.Equal(0, PackageVersion.Compare(newer, newer));
    }

    [Theory]
    [InlineData("x+3-1.conf", "x.conf", 3, 1)]
    [InlineData("x+3.conf", "x.conf", 3, 0)]
    [InlineData("x.conf", "x.conf", -1, -1)]
    [InlineData("x+a.conf", "x+a.conf", -1, -1)]
    [InlineData("x+1-b.conf", "x+1-b.conf", -1, -1)]
    [InlineData("6.1+deb+2-0.efi", "6.1+deb.efi", 2, 0)]
    [InlineData("x+99999999999.conf", "x+99999999999.conf", -1, -1)]
    public void Counters_are_taken_off_names(string file, string id, int left, int done) =>
        Assert.Equal((id, left, done), (LoaderItem.CutCounter(file, out int isLeft, out int isDone), isLeft, isDone));

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*c?e", "aBBcde", true)]
    [InlineData("a*c?e", "abcd", false)]
    [InlineData("[a-c]x[!]", "bx!", true)]
    [InlineData("[]", "[]", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Patterns_match_as_the_loader_s(string pattern, string text, bool matches) =>
        Assert.Equal(matches, LoaderPattern.Matches(pattern, text));
}
