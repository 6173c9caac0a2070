using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Commands.Objects;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Objects;

public sealed class ExpressionParserTests
{
    private static readonly string[] Pieces =
    [
        "init_task", "jiffies", "runqueues", "start_kernel", "avenrun", "saved_command_line", "nothing", "0x10", "12", "ffffffff81000000",
        "WAITING", "tasks", "comm", "curr", "se", "rt", "next", "numbers", "handler", "first", "struct", "task_struct", "pid_t", "int",
        "void", "(struct task_struct *)", "(struct list_head)", "(unsigned long)", "(void *)", "(int)", "(", ")", "[", "]", "*", "&", ".",
        "->", "-", " ", "[3]", "[-1]", "[99999999999]", ",", ":", "", "\u00e4", "(struct", "[0xffffffffffffffff]",
    ];

    private readonly FakeWorld _world = new();

    [Theory]
    [InlineData("jiffies", "305419896")]
    [InlineData("(int)jiffies", "305419896")]
    [InlineData("(unsigned char)jiffies", "120")]
    [InlineData("((pid_t)0x100000001)", "1")]
    [InlineData("(int)0xffffffff", "-1")]
    [InlineData("init_task.comm", "\"swapper/0\"")]
    [InlineData("init_task.comm[0]", "115")]
    [InlineData("(init_task).tasks.next->next", null)]
    [InlineData("*&init_task.comm", "\"swapper/0\"")]
    [InlineData("(&init_task)->comm", "\"swapper/0\"")]
    [InlineData("(*init_task.real_parent).comm", "\"swapper/0\"")]
    [InlineData("init_task.real_parent[0].prio", "120")]
    [InlineData("init_task.kind", "RUNNING (0)")]
    [InlineData("WAITING", "5")]
    [InlineData("avenrun[0]", "3072")]
    [InlineData("avenrun[1]", "0")]
    [InlineData("(struct list_head)modules", null)]
    [InlineData("(unsigned long)0xfffffffffffffffe", "18446744073709551614")]
    [InlineData("0x10", "16")]
    [InlineData("start_kernel", "0xffffffff81000010 <start_kernel>")]
    [InlineData("&start_kernel", "0xffffffff81000010 <start_kernel>")]
    [InlineData("(void *)start_kernel", "0xffffffff81000010")]
    [InlineData("((struct task_struct *)10)->comm", "<excluded>")]
    [InlineData("((struct task_struct *)10)->mm->pgd", "<excluded>")]
    [InlineData("((struct mm_struct *)((struct task_struct *)10)->mm)->pgd", "<excluded>")]
    [InlineData("(int)((struct task_struct *)10)->pid", "<excluded>")]
    [InlineData("&((struct task_struct *)0)->pid", "0x14")]
    [InlineData("saved_command_line[0]", "114")]
    public void Works_out_what_C_would(string text, string? expected)
    {
        ExpressionValue value = ExpressionParser.Evaluate(_world.Kernel, text);
        var writer = new ObjectText(_world.Kernel);
        string found = value.Object is { } place ? writer.Of(place) : writer.OfNumber(value.Type, value.Number);
        Assert.Equal(expected ?? found, found);
    }

    [Fact]
    public void Addresses_need_no_0x()
    {
        ExpressionValue value = ExpressionParser.Evaluate(_world.Kernel, $"((struct task_struct *){_world.Worker:x})->comm");
        Assert.Equal("worker", value.Object!.Text());
    }

    [Fact]
    public void A_per_cpu_variable_is_that_of_the_CPU() =>
        Assert.Equal("init", ExpressionParser.Evaluate(_world.Kernel, "runqueues.curr->comm", 1).Object!.Text());

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("runqueues")]
    [InlineData("init_task.nothing")]
    [InlineData("init_task.")]
    [InlineData("init_task..comm")]
    [InlineData("init_task.comm]")]
    [InlineData("init_task.comm[x]")]
    [InlineData("jiffies.high")]
    [InlineData("jiffies->high")]
    [InlineData("*jiffies")]
    [InlineData("*start_kernel")]
    [InlineData("&5")]
    [InlineData("5[0]")]
    [InlineData("(struct nothing *)5")]
    [InlineData("(struct task_struct *)")]
    [InlineData("(struct task_struct)5")]
    [InlineData("(int)init_task")]
    [InlineData("(jiffies")]
    [InlineData("((void *)5)->x")]
    [InlineData("__start_BTF.x")]
    [InlineData("(*)5")]
    public void Refuses_what_makes_no_sense(string text)
    {
        var mistake = Assert.Throws<CommandException>(() => ExpressionParser.Evaluate(_world.Kernel, text));
        Assert.NotEmpty(mistake.Message);
    }

    [Fact]
    public void Brackets_without_end_are_refused() =>
        Assert.Throws<CommandException>(() => ExpressionParser.Evaluate(_world.Kernel, new string('(', 100_000)));

    [Fact]
    public void Nothing_but_a_mistake_comes_of_any_text()
    {
        Gen<string> texts = Gen.Elements(Pieces).ArrayOf().Select(string.Concat);
        Prop.ForAll(texts.ToArbitrary(), Survives).QuickCheckThrowOnFailure();
        Prop.ForAll<string?>(text => Survives(text ?? "")).QuickCheckThrowOnFailure();
        var random = new Random(20261122);
        for (int i = 0; i < 20_000; i++)
        {
            Assert.True(Survives(string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => Pieces[random.Next(Pieces.Length)]))));
        }
    }

    private bool Survives(string text)
    {
        try
        {
            ExpressionValue value = ExpressionParser.Evaluate(_world.Kernel, text, 1);
            var writer = new ObjectText(_world.Kernel, isHex: true);
            return (value.Object is { } place ? writer.Of(place) : writer.OfNumber(value.Type, value.Number)).Length >= 0;
        }
        catch (CommandException mistake)
        {
            return mistake.Message.Length > 0;
        }
    }
}
