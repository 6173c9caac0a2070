using System.Runtime.InteropServices;
using Lifeboat.Capture.Interop;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Init;

/// <summary>Loads modules with finit_module(2): the kernel reads the file, no memory of ours is needed.</summary>
internal static class KernelModuleLoader
{
    private static nint CallNumber => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 313 : 273;

    /// <summary>Loads one; <see cref="Errno.None"/> also when it is loaded already.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="parameters">What it is given: <c>timeout=10 debug=1</c>.</param>
    internal static Errno Load(string path, string parameters)
    {
        int descriptor = LibC.Open(path, LibC.OpenReadOnly | LibC.OpenCloseOnExec);
        if (descriptor < 0)
        {
            return LastErrno.Get();
        }

        nint result = LibC.LoadModule(CallNumber, descriptor, parameters, 0);
        Errno errno = result == 0 ? Errno.None : LastErrno.Get();
        _ = LibC.Close(descriptor);
        return errno == Errno.EEXIST ? Errno.None : errno;
    }
}
