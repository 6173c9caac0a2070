namespace Lifeboat.Capture.Settings;

/// <content>Targets that are reached by HTTP.</content>
public static partial class SettingDirectives
{
    private const string TrustWords = "ca=FILE or cert=FILE";

    private static IEnumerable<SettingDirective> Uploads() =>
    [
        Target(
            "https",
            static value => HttpTarget.Read("https", value),
            $"https://HOST/PATH, {TrustWords}; perhaps protocol=tus or put, token=FILE",
            "a web server to save to by resumable uploads (tus), or by PUT"),
        Target(
            "http",
            static value => HttpTarget.Read("http", value),
            "http://HOST/PATH; perhaps protocol=tus or put, token=FILE",
            "the same without TLS: whoever is on the way can read it"),
        Target(
            "s3",
            static value => ObjectStoreTarget.Read(value),
            $"https://HOST/BUCKET/PREFIX or https://BUCKET.HOST/PREFIX, {TrustWords}, credentials=FILE; perhaps region=, connections=1 to 16",
            "a bucket of an object store to save to"),
    ];
}
