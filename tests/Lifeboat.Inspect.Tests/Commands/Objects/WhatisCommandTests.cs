using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Objects;

public sealed class WhatisCommandTests
{
    private readonly FakeWorld _world = new();

    [Fact]
    public void Declares_a_structure_with_its_members()
    {
        string text = _world.Run("whatis struct task_struct");
        Assert.StartsWith(
            """
            struct task_struct {
                unsigned int __state;
                int exit_state;
            """,
            text,
            StringComparison.Ordinal);
        foreach (string line in (string[])[
            "    unsigned int first : 3;\n", "    enum state kind;\n", "    char comm[16];\n", "    struct task_struct *real_parent;\n",
            "    int (*handler)(int argument);\n", "};\n", "note: struct task_struct has "])
        {
            Assert.Contains(line, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("whatis pid_t", "typedef int pid_t;\nnote: pid_t has 4 bytes\n")]
    [InlineData("whatis enum state", "enum state {\n    RUNNING = 0,\n    WAITING = 5,\n};\nnote: enum state has 4 bytes\n")]
    [InlineData("whatis struct list_head *", "struct list_head *;\nnote: struct list_head * has 8 bytes\n")]
    [InlineData("whatis jiffies", "long unsigned int jiffies;\n")]
    [InlineData("whatis init_task", "struct task_struct init_task;\n")]
    [InlineData("whatis saved_command_line", "char *saved_command_line;\n")]
    [InlineData("whatis start_kernel", "int start_kernel(int argument);\n")]
    [InlineData("whatis runqueues", "struct rq runqueues;\nnote: runqueues is a per-CPU variable: p runqueues:0 shows that of CPU 0\n")]
    public void Declares_types_functions_and_variables(string command, string expected) =>
        Assert.Equal(expected, _world.Run(command));

    [Theory]
    [InlineData("whatis")]
    [InlineData("whatis -x")]
    [InlineData("whatis nothing")]
    [InlineData("whatis __start_BTF")]
    [InlineData("whatis struct")]
    [InlineData("whatis *")]
    public void Refuses_what_has_no_type(string command) =>
        Assert.Throws<CommandException>(() => _world.Run(command));
}
