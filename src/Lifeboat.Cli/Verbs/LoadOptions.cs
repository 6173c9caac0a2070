using System.CommandLine;
using Lifeboat.Kexec.Loading;

namespace Lifeboat.Cli.Verbs;

/// <summary>Options that the verbs which load an image spell alike. One object an option and verb.</summary>
internal static class LoadOptions
{
    /// <summary><c>--call</c>: which of the kernel's two calls loads the image.</summary>
    public static Option<string> Call()
    {
        var option = new Option<string>("--call")
        {
            Description = "How the kernel is given the image: kexec_load, kexec_file_load, or auto, which takes what the machine allows "
                + "and says why. Default: auto.",
            HelpName = "NAME",
            DefaultValueFactory = _ => KexecCallNames.Auto,
        };
        option.AcceptOnlyFromAmong([.. KexecCallNames.All]);
        return option;
    }
}
