// libcurl by curl.h: reads a file by its URL, and takes a URL apart.
//
//   node examples/headers/curl.mjs
import { CString, ffi, JSCallback, out } from 'arkffi';
import { open } from './open.mjs';

const { symbols: curl, constants, types } = open('curl', 'curl/curl.h', { strings: 'results' });
const { CURLOPT_URL, CURLOPT_WRITEFUNCTION, CURLE_OK, CURLUE_OK, CURLUPART_URL, CURLUPART_HOST, CURLUPART_PATH } =
  constants;

let content = '';
const write = new JSCallback((data, size, count) => {
  content += new CString(data, 0, size * count);
  return size * count;
}, types.curl_write_callback);
const handle = curl.curl_easy_init();
curl.curl_easy_setopt(handle, CURLOPT_URL, ['s', new URL(import.meta.url).href]);
curl.curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ['p', write]);
const code = curl.curl_easy_perform(handle);
console.log(code === CURLE_OK ? content.split('\n')[0] : curl.curl_easy_strerror(code));
curl.curl_easy_cleanup(handle);
write.close();

const url = curl.curl_url();
if (curl.curl_url_set(url, CURLUPART_URL, 'https://example.org/a/b?c', 0) !== CURLUE_OK) throw new Error('no URL');
for (const part of [CURLUPART_HOST, CURLUPART_PATH]) {
  const [text] = curl.curl_url_get(url, part, out('p'), 0).out;
  console.log(ffi.readCString(text));
  curl.curl_free(text);
}
curl.curl_url_cleanup(url);
