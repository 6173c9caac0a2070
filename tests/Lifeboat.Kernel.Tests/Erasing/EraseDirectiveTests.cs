using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Kernel.Erasing;

namespace Lifeboat.Kernel.Tests.Erasing;

public sealed class EraseDirectiveTests
{
    [Theory]
    [InlineData("keys", "keys")]
    [InlineData("  keyring\t", "keyring")]
    [InlineData("dm-crypt", "dm-crypt")]
    public void Sets_are_named_by_a_word(string text, string set)
    {
        Assert.True(EraseDirective.TryParse(text, out EraseDirective? directive));
        Assert.Equal(set, directive.Set);
        Assert.Equal(set, directive.Text);
    }

    [Fact]
    public void A_symbol_has_a_path_a_type_and_a_size()
    {
        Assert.True(EraseDirective.TryParse("symbol  my_state.link.secret as my_state size 2K", out EraseDirective? directive));
        Assert.Equal((EraseRootKind.Symbol, "my_state", "link.secret"), (directive.Root, directive.RootName, directive.Path));
        Assert.Equal(("my_state", 2048UL), (directive.Type, directive.Size));
        Assert.Null(directive.Set);
        Assert.Equal("symbol my_state.link.secret as my_state size 2K", directive.Text);
    }

    [Theory]
    [InlineData("type key.payload.data in tree key_serial_tree by serial_node size datalen", EraseRootKind.Tree, "key_serial_tree", "serial_node")]
    [InlineData("type task_struct.comm in list init_task.tasks by tasks size datalen", EraseRootKind.List, "init_task.tasks", "tasks")]
    [InlineData("type key.description in cache key_jar size datalen", EraseRootKind.Cache, "key_jar", "")]
    [InlineData("type my_key.data in cache my-keys:1 size datalen", EraseRootKind.Cache, "my-keys:1", "")]
    public void Members_of_a_type_are_reached_by_a_list_a_tree_or_a_cache(string text, EraseRootKind root, string name, string by)
    {
        Assert.True(EraseDirective.TryParse(text, out EraseDirective? directive));
        Assert.Equal((root, name, by, "datalen"), (directive.Root, directive.RootName, directive.By, directive.SizePath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("keys keyring")]
    [InlineData("symbol")]
    [InlineData("symbol a..b")]
    [InlineData("symbol a-b")]
    [InlineData("symbol a size")]
    [InlineData("symbol a size 0")]
    [InlineData("symbol a size 4 as b")]
    [InlineData("symbol a size 12q")]
    [InlineData("type a in list b by c")]
    [InlineData("type a.b in list c")]
    [InlineData("type a.b in cache c by d")]
    [InlineData("type a.b in heap c by d")]
    [InlineData("type a.b of list c by d")]
    public void What_is_no_directive_is_refused(string text) => Assert.False(EraseDirective.TryParse(text, out _));

    [Fact]
    public void Any_text_is_refused_or_says_the_same_once_more() => Prop.ForAll<NonNull<string>>(text =>
    {
        if (EraseDirective.TryParse(text.Get, out EraseDirective? directive))
        {
            Assert.True(EraseDirective.TryParse(directive.Text, out EraseDirective? again));
            Assert.Equal(directive.Text, again.Text);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_set_says_what_it_has() =>
        Assert.All(EraseSets.Names, name => Assert.NotEmpty(EraseSets.MeaningOf(name)));
}
