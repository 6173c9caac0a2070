using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Erasing;

public sealed class EraseInfoTests
{
    private static readonly ErasedRange[] Two =
    [
        new("user_key_payload.data", new(new(0x1c8a018), new(0x1c8a038))),
        new("crypto_tfm.__crt_ctx", new(new(0x2000), new(0x2001))),
    ];

    [Fact]
    public void The_text_is_made_of_makedumpfiles_lines_with_the_place_behind()
    {
        byte[] text = EraseInfo.ToText(Two);
        Assert.Equal(
            "erase user_key_payload.data size 32 at 0x1c8a018\nerase crypto_tfm.__crt_ctx size 1 at 0x2000\n"u8, text);
        Assert.Equal(
            Two.Select(static range => (range.What, range.Range)),
            EraseInfo.Parse(text).Select(static range => (range.What, range.Range)));
    }

    [Fact]
    public void Lines_of_others_are_passed_over()
    {
        byte[] text = [.. "erase modules size 8\nerase mystruct2.addr nullify\nnothing\n\n"u8, .. EraseInfo.ToText(Two)];
        Assert.Equal(2, EraseInfo.Parse(text).Count);
    }

    [Fact]
    public void A_range_that_would_end_above_all_addresses_is_no_range() =>
        Assert.Empty(EraseInfo.Parse("erase x size 16 at 0xfffffffffffffff8\n"u8));

    [Fact]
    public void Any_damage_to_the_text_is_read_without_an_exception()
    {
        byte[] text = EraseInfo.ToText(Two);
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. text];
            for (int hits = random.Next(1, 6); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Assert.InRange(EraseInfo.Parse(damaged).Count, 0, 2);
        }
    }

    [Fact]
    public void More_than_anyone_reads_is_cut_and_said_to_be()
    {
        var ranges = new ErasedRange[200_000];
        Array.Fill(ranges, Two[0]);
        byte[] text = EraseInfo.ToText(ranges);
        Assert.InRange(text.Length, 3 << 20, 4 << 20);
        Assert.Matches("# [0-9]+ more\n$", System.Text.Encoding.ASCII.GetString(text));
    }

    [Fact]
    public void A_note_is_put_in_found_and_taken_out_again()
    {
        byte[] notes = [.. ElfWriter.Note("CORE", 1, new byte[5]), .. ElfWriter.Note("VMCOREINFO", 0, "A=1\n"u8)];
        byte[] text = EraseInfo.ToText(Two);
        ReadOnlyMemory<byte> more = EraseInfoNote.With(notes, text);
        Assert.Equal(text, EraseInfoNote.Find(more).ToArray());
        Assert.Equal(notes, EraseInfoNote.Without(more).ToArray());
        Assert.True(EraseInfoNote.Find(notes).IsEmpty);

        // makedumpfile's stands last.
        byte[] other = [.. notes, .. ElfWriter.Note("ERASEINFO", 0, "erase x size 1\n\0\0\0"u8)];
        Assert.Equal("erase x size 1\n"u8, EraseInfoNote.Find(other).ToArray());
        Assert.Equal(notes, EraseInfoNote.Without(other).ToArray());
    }

    [Fact]
    public void What_is_no_word_cannot_be_what_is_erased() =>
        Assert.Throws<ArgumentException>(() => new ErasedRange("two words", default));
}
