using Lifeboat.Capture.Http;
using Lifeboat.Capture.Stores.Upload;

namespace Lifeboat.Capture.Tests.Stores.Upload;

public sealed class RequestSignerTests
{
    private const string Boto = """
        import sys
        from botocore.auth import S3SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        method, url, time, body, id, secret, token, region = sys.argv[1:]
        request = AWSRequest(method=method, url=url, headers={'x-amz-date': time, 'x-amz-content-sha256': body})
        if token: request.headers['x-amz-security-token'] = token
        request.context['timestamp'] = time
        auth = S3SigV4Auth(Credentials(id, secret, token or None), 's3', region)
        auth.payload = lambda request: body
        print(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
        """;

    // The example of Amazon's documentation of Signature Version 4 for S3, "PUT Object".
    [Fact]
    public void A_request_is_signed_as_the_documentation_of_the_protocol_does()
    {
        var keys = new ObjectKeys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", token: null);
        var signer = new RequestSigner(keys, "us-east-1", "examplebucket.s3.amazonaws.com", new FixedTime());
        var request = new HttpRequest("GET", "/?lifecycle=");
        signer.Sign(request, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            + "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
            request.Fields.Find("Authorization"));
    }

    [Fact]
    public void A_sessions_token_is_signed_with_the_rest()
    {
        var request = new HttpRequest("PUT", "/a");
        new RequestSigner(new ObjectKeys("i", "s", "t"), "r", "h", new FixedTime()).Sign(request, RequestSigner.Unsigned);
        Assert.Equal("t", request.Fields.Find("X-Amz-Security-Token"));
        Assert.Contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,", request.Fields.Find("Authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "crashes.s3.eu-central-1.amazonaws.com", "/lab/20260131T142233Z-web_1/dmesg.txt", "")]
    [InlineData("PUT", "minio.test:9000", "/crashes/a~b/vmcore.flat?partNumber=12&uploadId=aB%2F%2B%3D-x", "session/token==")]
    [InlineData("POST", "minio.test:9000", "/crashes/x?uploads=", "")]
    public void A_request_is_signed_as_boto_does(string method, string host, string path, string token)
    {
        var request = new HttpRequest(method, path);
        var keys = new ObjectKeys("AKID", "se/cr+et", token.Length == 0 ? null : token);
        new RequestSigner(keys, "eu-central-1", host, new FixedTime()).Sign(request, RequestSigner.Unsigned);
        Assert.SkipUnless(Directory.Exists("/usr/lib/python3/dist-packages/botocore"), "the oracle python3-boto3 is not installed");
        string expected = Oracle.Run(
            "python3", [], "-c", Boto, method, $"https://{host}{path}", "20130524T000000Z", RequestSigner.Unsigned, keys.Id, "se/cr+et", token, "eu-central-1");
        Assert.EndsWith("Signature=" + expected.Trim(), request.Fields.Find("Authorization"), StringComparison.Ordinal);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);
    }
}
